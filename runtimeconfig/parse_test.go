package runtimeconfig_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/runtimeconfig"
)

const complete = `state_dir = "data"
log_dir = "logs"
max_instance_memory = 67108864

[key_value_store.cache]
type = "redis"
url = "redis://kv.example:6379"

[key_value_store.default]
type = "spin"
path = "kv/default.db"

[sqlite_database]
ledger = { type = "spin", path = "ledger.db", allow_attach_file = true }

[llm_compute]
type = "remote_http"
url = "https://llm.example"
auth_token = "t"

[[variables_provider]]
type = "static"
values = { region = "north" }

[[variables_provider]]
type = "env"
prefix = "SHOP"

[outbound_networking]
block_networks = ["203.0.113.77/24", "private", "2001:db8::1/32", "::ffff:10.1.2.3/104"]
max_total_connections = 200
max_socket_connections = 10

[outbound_http]
max_connections = 50

[outbound_redis]
max_connections = 0

[outbound_pg]

[outbound_mqtt]
max_payload_size_bytes = 1024

[[client_tls]]
component_ids = ["billing", "shop"]
hosts = ["bank.example"]
ca_roots_file = "tls/bank-ca.pem"
client_cert_file = "tls/a.crt"
client_private_key_file = "/keys/a.key"

[[client_tls]]
component_ids = ["billing"]
hosts = ["Bank.Example", "::1"]
`

func parse(t testing.TB, text string, extra ...string) *runtimeconfig.Config {
	t.Helper()
	c, err := runtimeconfig.Parse([]byte(text), "conf/rc.toml", extra...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestParse(t *testing.T) {
	c := parse(t, complete)
	if c.Dir != "conf" || c.StateDir != "data" || c.LogDir != "logs" || c.MaxInstanceMemory != 64<<20 || len(c.Warnings) != 0 {
		t.Errorf("got %+v", c)
	}
	var got []string
	for _, s := range append(append(append(c.KeyValueStores, c.SQLiteDatabases...), c.VariableProviders...), c.LLM) {
		got = append(got, s.Pos().String()+" "+s.Path()+" "+s.Label+" "+s.Type)
	}
	want := `conf/rc.toml:5:18 key_value_store.cache cache redis
conf/rc.toml:9:18 key_value_store.default default spin
conf/rc.toml:14:1 sqlite_database.ledger ledger spin
conf/rc.toml:21:3 variables_provider[0]  static
conf/rc.toml:25:3 variables_provider[1]  env
conf/rc.toml:16:2 llm_compute  remote_http`
	if strings.Join(got, "\n") != want {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}

	n := c.Networking
	if n.BlockNetworks.String() != "private, 203.0.113.0/24, 2001:db8::/32, 10.0.0.0/8" || *n.MaxTotalConnections != 200 || *n.MaxSocketConnections != 10 {
		t.Errorf("got %+v", n)
	}
	if !c.HTTP.ConnectionPooling || *c.HTTP.MaxConnections != 50 || *c.Redis.MaxConnections != 0 || c.Postgres.MaxConnections != nil ||
		c.MySQL.MaxConnections != nil || c.MQTT.MaxConnections != nil || *c.MQTT.MaxPayloadSize != 1024 {
		t.Errorf("got %+v", c)
	}
}

func TestConfigPos(t *testing.T) {
	c := parse(t, "\n[outbound_http]\n")
	if pos := c.Pos("outbound_http"); pos.Line != 2 || pos.Column != 2 {
		t.Errorf("got %s", pos)
	}
	for _, c := range []*runtimeconfig.Config{c, {}} {
		if pos := c.Pos("log_dir"); pos != (runtimeconfig.Position{}) {
			t.Errorf("got %s", pos)
		}
	}
}

func TestParseNothing(t *testing.T) {
	for _, text := range []string{"", "\xef\xbb\xbf# nothing\r\n", "[key_value_store]\n[sqlite_database]\n", `state_dir = ""`} {
		c := parse(t, text)
		got, want := reflect.ValueOf(*c), reflect.ValueOf(runtimeconfig.Config{Dir: "conf", HTTP: runtimeconfig.HTTP{ConnectionPooling: true}})
		for i, field := range reflect.VisibleFields(got.Type()) {
			if field.IsExported() && !reflect.DeepEqual(got.Field(i).Interface(), want.Field(i).Interface()) {
				t.Errorf("%q: %s: got %+v", text, field.Name, got.Field(i))
			}
		}
	}
	if c, err := runtimeconfig.Parse(nil, ""); err != nil || c.Dir != "." {
		t.Errorf("got %+v %v", c, err)
	}
}

func TestParseFaults(t *testing.T) {
	for _, c := range []struct {
		text  string
		cause error
		want  string
	}{
		{"state_dri = 'x'", runtimeconfig.ErrUnknownKey, `conf/rc.toml:1:1: state_dri: unknown key "state_dri": did you mean "state_dir"?`},
		{"a = 1\n[outbound_https]\n'b c' = 2", runtimeconfig.ErrUnknownKey, "conf/rc.toml:1:1: a: unknown key \"a\": remove it, or write one of state_dir, log_dir, max_instance_memory, key_value_store, sqlite_database, llm_compute, variables_provider, config_provider, outbound_networking, outbound_http, outbound_redis, outbound_pg, outbound_mysql, outbound_mqtt, client_tls\nconf/rc.toml:2:2: outbound_https: unknown key \"outbound_https\": did you mean \"outbound_http\"?"},
		{"state_dir = 5", nil, `1:13: state_dir: must be a string, not an integer`},
		{"max_instance_memory = -1", nil, `1:23: max_instance_memory: must be positive`},
		{"max_instance_memory = 0", nil, `must be positive`},
		{"max_instance_memory = '1 GB'", nil, `must be an integer, not a string`},
		{"key_value_store = 1", nil, `1:19: key_value_store: must be a table, not an integer`},
		{"[key_value_store]\ntype = 'redis'", nil, `2:8: key_value_store.type: must be a table, not a string: write [key_value_store.LABEL]`},
		{"[[key_value_store.a]]\ntype = 'redis'", nil, `key_value_store.a: must be a table, not an array`},
		{"[key_value_store.a]\nurl = 'x'", runtimeconfig.ErrMissingKey, `1:18: key_value_store.a: the key "type" is missing: write type = "spin"`},
		{"sqlite_database.a.type = 1", nil, `1:26: sqlite_database.a.type: must be a string, not an integer`},
		{"[llm_compute]", runtimeconfig.ErrMissingKey, `1:2: llm_compute: the key "type" is missing`},
		{"[variables_provider]\ntype = 'env'", nil, `1:2: variables_provider: must be an array of tables, not a table: write [[variables_provider]]`},
		{"variables_provider = [{}, 1]", runtimeconfig.ErrMissingKey, `variables_provider[0]: the key "type" is missing: write type = "static"`},
		{"variables_provider = [{type='env'}, 1]", nil, `1:37: variables_provider[1]: must be a table, not an integer`},
		{"[[config_provider]]\ntype='env'\n[[variables_provider]]\ntype='env'", runtimeconfig.ErrUnknownKey, `1:3: config_provider: is the old name of variables_provider: write [[variables_provider]] here too`},
		{"outbound_networking.block_networks = ['private', '10.0.0.1']", nil, `1:50: outbound_networking.block_networks[1]: "10.0.0.1" is not a network: write "10.0.0.1/32" for this address alone`},
		{"outbound_networking.block_networks = ['example.com']", nil, `"example.com" is not a network: write a block such as "203.0.113.0/24", or "private"`},
		{"outbound_networking.block_networks = ['10.0.0.0/33']", nil, `is not a network`},
		{"outbound_networking.block_networks = 'private'", nil, `must be an array, not a string`},
		{"outbound_networking.max_total_connections = -1", nil, `is negative: write a number from 0`},
		{"outbound_http.max_connections = -1", nil, `1:33: outbound_http.max_connections: is negative`},
		{"outbound_http.max_connections = 1\noutbound_http.max_concurrent_requests = 1", nil, `2:15: outbound_http.max_concurrent_requests: is the old name of max_connections`},
		{"outbound_http.pooling = true", runtimeconfig.ErrUnknownKey, `unknown key "pooling"`},
		{"outbound_pg.max_conections = 1", runtimeconfig.ErrUnknownKey, `did you mean "max_connections"?`},
		{"outbound_mqtt.max_payload_size_bytes = -5", nil, `is negative`},
		{"[client_tls]", nil, `must be an array of tables, not a table: write [[client_tls]]`},
		{"[[client_tls]]\nhosts=['a']", runtimeconfig.ErrMissingKey, `client_tls[0]: the key "component_ids" is missing: write the ids of components`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=[]", nil, `3:7: client_tls[0].hosts: is empty: write the names of hosts`},
		{"[[client_tls]]\ncomponent_ids=['a', '']\nhosts=['b']", nil, `2:21: client_tls[0].component_ids: has an empty text`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['b', 'c:443']", nil, `3:13: client_tls[0].hosts[1]: "c:443" is not a host`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['https://c']", nil, `is not a host`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['*.c']", nil, `is not a host`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['b']\nca_use_platform_roots=false", runtimeconfig.ErrMissingKey, `1:3: client_tls[0]: nobody is trusted`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['b']\nclient_cert_file='x'", runtimeconfig.ErrMissingKey, `client_cert_file and client_private_key_file come together`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['b']\nca_roots_file=''", nil, `4:15: client_tls[0].ca_roots_file: is empty`},
		{"[[client_tls]]\ncomponent_ids=['a']\nhosts=['b']\nca_roots_file=\"a\\u0000b\"", nil, `4:15: client_tls[0].ca_roots_file: has a character that no file has in its name`},

		{"a = ", runtimeconfig.ErrSyntax, `conf/rc.toml:1:`},
		{"state_dir = 'a'\nstate_dir = 'b'", runtimeconfig.ErrSyntax, `conf/rc.toml:2:1`},
		{"[a]\n[a]", runtimeconfig.ErrSyntax, `conf/rc.toml:2:`},
		{"a = '\xff'", runtimeconfig.ErrSyntax, `conf/rc.toml:1:6: the text is not UTF-8 from here: save the file as UTF-8`},
		{strings.Repeat("#", 1<<20+1), runtimeconfig.ErrLimit, `more than 1048576 bytes`},
		{strings.Repeat("a.", 40) + "a = 1", runtimeconfig.ErrLimit, `nested more than 32 deep`},
		{"a = " + strings.Repeat("[", 40) + strings.Repeat("]", 40), runtimeconfig.ErrLimit, `nested more than 32 deep`},
		{"a = [" + strings.Repeat("1,", 20000) + "]", runtimeconfig.ErrLimit, `more than 16384 keys and values`},
	} {
		config, err := runtimeconfig.Parse([]byte(c.text), "conf/rc.toml")
		var faults runtimeconfig.Errors
		if config != nil || !errors.As(err, &faults) || c.cause != nil && !errors.Is(err, c.cause) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60q: got %v", c.text, err)
		}
	}
}

func TestManyFaults(t *testing.T) {
	_, err := runtimeconfig.Parse([]byte("a"+strings.Repeat("=1\na1", 1)+"=1\n"+strings.Repeat("[[client_tls]]\nx=1\n", 100)), "f")
	var faults runtimeconfig.Errors
	if !errors.As(err, &faults) || len(faults) != 32 || faults[0].Key != "a" {
		t.Errorf("got %v", err)
	}
}

func TestLegacyKeys(t *testing.T) {
	c := parse(t, "[[config_provider]]\ntype = 'env'\n[outbound_http]\nmax_concurrent_requests = 9\n[outbound_networking]\nmax_total_connections = 5\nmax_socket_connections = 6\n[outbound_pg]\nmax_connections = 7\n")
	if len(c.VariableProviders) != 1 || c.VariableProviders[0].Path() != "config_provider[0]" || *c.HTTP.MaxConnections != 10 {
		t.Errorf("got %+v", c)
	}
	want := `conf/rc.toml:7:1: outbound_networking.max_socket_connections: is above outbound_networking.max_total_connections, which is 5: the lower one counts
conf/rc.toml:4:1: outbound_http.max_concurrent_requests: is retired: write max_connections = 10
conf/rc.toml:9:1: outbound_pg.max_connections: is above outbound_networking.max_total_connections, which is 5: the lower one counts`
	if c.Warnings.Error() != want {
		t.Errorf("got\n%v", c.Warnings)
	}
	for text, want := range map[string]bool{"": true, "connection_pooling = true": true, "connection_pooling = false": false, "max_connections = 1": true} {
		if c := parse(t, "[outbound_http]\n"+text); c.HTTP.ConnectionPooling != want {
			t.Errorf("%s: got %v", text, c.HTTP.ConnectionPooling)
		}
	}
}

func TestLoad(t *testing.T) {
	name := filepath.Join(t.TempDir(), "rc.toml")
	must(t, os.WriteFile(name, []byte("[key_value_store.a]\ntype='spin'\npath='a.db'\n"), 0o600))
	c, err := runtimeconfig.Load(name)
	must(t, err)
	var kv runtimeconfig.KeyValueFile
	must(t, c.KeyValueStores[0].Decode(&kv))
	if string(kv.Path) != filepath.Join(filepath.Dir(name), "a.db") {
		t.Errorf("got %s", kv.Path)
	}
	if _, err := runtimeconfig.Load(name + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	must(t, os.WriteFile(name, make([]byte, 2<<20), 0o600))
	if _, err := runtimeconfig.Load(name); !errors.Is(err, runtimeconfig.ErrLimit) {
		t.Errorf("got %v", err)
	}
}
