package spin_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/runtimeconfig"
)

// configured parses a runtime configuration that is taken to stand in a folder.
func configured(t testing.TB, dir, text string) *runtimeconfig.Config {
	t.Helper()
	rc, err := runtimeconfig.Parse([]byte(text), filepath.Join(dir, "rc.toml"))
	if err != nil {
		t.Fatal(err)
	}
	return rc
}

func TestStoresOfTheRuntimeConfig(t *testing.T) {
	dir := t.TempDir()
	cfg := spin.Config{
		RuntimeConfig: configured(t, dir, `
[key_value_store.cache]
type = "spin"
path = "kv/cache.db"
[key_value_store.fleeting]
type = "spin"
[key_value_store.mine]
type = "spin"
path = "unused.db"
`),
		KeyValueStores: map[string]keyvalue.Store{"mine": keyvalue.Memory()},
	}
	const labels = `["cache", "fleeting", "default", "mine"]`
	app := loadKV(t, labels, cfg)
	for _, label := range []string{"cache", "fleeting", "mine"} {
		wantText(t, app, "/2/set?store="+label+"&key=k&value="+label, "set")
	}
	for _, label := range []string{"cache", "fleeting", "mine"} { // each is a store of its own
		wantText(t, app, "/3/get?store="+label+"&key=k", label)
	}
	closeApp(t, app)
	if _, err := os.Stat(filepath.Join(dir, "unused.db")); err == nil {
		t.Error("what Config has does not count before the runtime configuration")
	}
	again := loadKV(t, labels, cfg)
	wantText(t, again, "/2/get?store=cache&key=k", "cache")
	if w := ask(again, "/2/get?store=fleeting&key=k"); strings.Contains(w.Body.String(), "fleeting") {
		t.Errorf("the store in memory was kept: %s", w.Body)
	}
}

func TestDatabasesOfTheRuntimeConfig(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "ledger.db")
	app, err := loadSQLite(t, sqliteP3, `["ledger", "scratch"]`, func(c *spin.Config) {
		c.RuntimeConfig = configured(t, dir, "[sqlite_database]\nledger = { type = \"spin\", path = '"+file+"' }\nscratch = { type = \"spin\" }\n")
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, db := range []string{"ledger", "scratch"} {
		ask(app, sqlitePath("/run", "db", db, "sql", "CREATE TABLE t (a)\nINSERT INTO t VALUES (5)"))
		wantSQLite(t, app, sqlitePath("/sum", "db", db, "sql", "SELECT a FROM t"), "1 rows, sum 5, Ok(())\n")
	}
	if _, err := os.Stat(file); err != nil {
		t.Error(err)
	}
}

func TestStateDirOfTheRuntimeConfig(t *testing.T) {
	theirs, ours := t.TempDir(), t.TempDir()
	for dir, cfg := range map[string]spin.Config{theirs: {}, ours: {StateDir: ours}} {
		cfg.RuntimeConfig = configured(t, "", "state_dir = '"+theirs+"'")
		app := loadKV(t, `["default"]`, cfg)
		_ = os.Remove(filepath.Join(dir, "sqlite_key_value.db"))
		wantText(t, app, "/2/set?store=default&key=k&value=v", "set")
		if _, err := os.Stat(filepath.Join(dir, "sqlite_key_value.db")); err != nil {
			t.Error(err)
		}
		closeApp(t, app)
	}
}

// Variables are looked for in Config, then in the runtime configuration, then in the fallback.
func TestProvidersOfTheRuntimeConfig(t *testing.T) {
	dir := t.TempDir()
	dotenv := filepath.Join(dir, "more.env")
	if err := os.WriteFile(dotenv, []byte("SHOP_C=dotenv\nSHOP_B=dotenv\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := minimal + "variables = { x = \"{{ a }} {{ b }} {{ c }} {{ d }} {{ e }}\" }\n[variables]\n"
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		text += name + " = { default = \"default\" }\n"
	}
	lookup := func(name string) (string, bool) { return "environment", name == "SHOP_B" || name == "SHOP_A" }
	app := loadVariables(t, variablesP3, text, func(c *spin.Config) {
		c.Variables = []variables.Provider{variables.Static(map[string]string{"a": "first"})}
		c.FallbackVariables = []variables.Provider{variables.Static(map[string]string{"a": "last", "d": "last", "e": "last"})}
		c.RuntimeTypes = spin.DefaultRuntimeTypes(lookup)
		c.RuntimeConfig = configured(t, dir, "[[variables_provider]]\ntype = \"env\"\nprefix = \"SHOP\"\ndotenv_path = '"+dotenv+"'\n"+
			"[[variables_provider]]\ntype = \"static\"\nvalues = { b = \"static\", d = \"static\" }\n")
	})
	if w := ask(app, "/v3?name=x"); w.Body.String() != "ok: first environment dotenv static last" {
		t.Errorf("got %q", w.Body)
	}
}

// closing is a store that tells when it is closed.
type closing struct {
	*keyvalue.MemoryStore
	closed *bool
}

func (c closing) Close() error {
	*c.closed = true
	return nil
}

func TestRuntimeTypesOfOnesOwn(t *testing.T) {
	var url string
	var closed bool
	types := spin.DefaultRuntimeTypes(nil)
	types.KeyValueStores["acme"] = func(s *runtimeconfig.Section) (func(context.Context) (keyvalue.Store, error), error) {
		var keys struct {
			URL string `toml:"url"`
		}
		if err := s.Decode(&keys); err != nil {
			return nil, err
		}
		url = keys.URL
		return func(context.Context) (keyvalue.Store, error) { return closing{keyvalue.Memory(), &closed}, nil }, nil
	}
	app := loadKV(t, `["cache"]`, spin.Config{
		RuntimeTypes: types, RuntimeConfig: configured(t, "", "[key_value_store.cache]\ntype = \"acme\"\nurl = \"acme://x\"\n"),
	})
	wantText(t, app, "/2/set?store=cache&key=k&value=v", "set")
	closeApp(t, app)
	if url != "acme://x" || !closed {
		t.Errorf("url %q, closed %v", url, closed)
	}
}

func TestFaultsOfTheRuntimeConfig(t *testing.T) {
	failing := spin.DefaultRuntimeTypes(nil)
	failing.VariableProviders["broken"] = func(*runtimeconfig.Section) (variables.Provider, error) { return nil, errors.New("it is broken") }
	failing.VariableProviders["nil"] = func(*runtimeconfig.Section) (variables.Provider, error) { return nil, nil }
	failing.KeyValueStores["nil"] = func(*runtimeconfig.Section) (func(context.Context) (keyvalue.Store, error), error) { return nil, nil }
	tests := []struct {
		behaviour, text string
		types           spin.RuntimeTypes
		want            string
		is              error
	}{
		{"types that nobody builds", "[key_value_store.a]\ntype = \"redis\"\n[sqlite_database.b]\ntype = \"libsql\"\n[[variables_provider]]\ntype = \"vault\"\n", spin.RuntimeTypes{},
			"rc.toml:2:8: key_value_store.a.type: unknown type \"redis\": write one of spin\n" +
				"rc.toml:4:8: sqlite_database.b.type: unknown type \"libsql\": write one of spin\n" +
				"rc.toml:6:8: variables_provider[0].type: unknown type \"vault\": write one of env, static", runtimeconfig.ErrUnknownType},
		{"keys that nobody reads", "[key_value_store.a]\ntype = \"spin\"\npaht = \"x\"\n", spin.RuntimeTypes{},
			`rc.toml:3:1: key_value_store.a.paht: unknown key "paht": did you mean "path"?`, runtimeconfig.ErrUnknownKey},
		{"an environment that is not given", "[[variables_provider]]\ntype = \"env\"\n", spin.RuntimeTypes{},
			"rc.toml:2:8: variables_provider[0].type: this program lets no app look at its environment: set Config.RuntimeTypes to DefaultRuntimeTypes(os.LookupEnv), or remove the table", nil},
		{"a file of variables that is not there", "[[variables_provider]]\ntype = \"env\"\ndotenv_path = \"none/at-all.env\"\n", spin.DefaultRuntimeTypes(os.LookupEnv),
			"rc.toml:3:15: variables_provider[0].dotenv_path: ", os.ErrNotExist},
		{"a builder that fails", "[[variables_provider]]\ntype = \"broken\"\n", failing, "rc.toml:1:3: variables_provider[0]: it is broken", nil},
		{"a builder that returns nothing", "[[variables_provider]]\ntype = \"nil\"\n", failing, `rc.toml:2:8: variables_provider[0].type: what Config.RuntimeTypes has for the type "nil" returns nil`, nil},
		{"a builder of nil functions", "[key_value_store.a]\ntype = \"nil\"\n", failing, `rc.toml:2:8: key_value_store.a.type: what Config`, nil},
		{"llm_compute", "[llm_compute]\ntype = \"spin\"", spin.RuntimeTypes{}, "rc.toml:1:2: llm_compute: this is not supported yet: remove it", spin.ErrUnsupported},
		{"llm_compute", "[llm_compute]\ntype = \"spin\"\n", spin.RuntimeTypes{}, "rc.toml:1:2: llm_compute: this is not supported yet", spin.ErrUnsupported},
		{"outbound_redis", "[outbound_redis]\nmax_connections = 1\n", spin.RuntimeTypes{}, "rc.toml:1:2: outbound_redis: this is", spin.ErrUnsupported},
		{"outbound_pg", "[outbound_pg]\nmax_connections = 1\n", spin.RuntimeTypes{}, "rc.toml:1:2: outbound_pg: this is", spin.ErrUnsupported},
		{"outbound_mysql", "[outbound_mysql]\nmax_connections = 1\n", spin.RuntimeTypes{}, "rc.toml:1:2: outbound_mysql: this is", spin.ErrUnsupported},
		{"outbound_mqtt", "[outbound_mqtt]\nmax_connections = 1\n", spin.RuntimeTypes{}, "rc.toml:1:2: outbound_mqtt: this is", spin.ErrUnsupported},
		{"tables that say nothing", "[outbound_http]\nconnection_pooling = true\n[outbound_networking]\n[outbound_pg]\n[outbound_mqtt]\n", spin.RuntimeTypes{}, "", nil},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			_, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
				c.RuntimeConfig, c.RuntimeTypes = configured(t, "", tt.text), tt.types
			})
			if tt.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			var e *runtimeconfig.Error
			if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestMemoryOfTheRuntimeConfig(t *testing.T) {
	for limit, code := range map[string]int{"65536": 500, "1000000000": 200} {
		app := guestP3.mustLoad(t, func(c *spin.Config) { c.RuntimeConfig = configured(t, "", "max_instance_memory = "+limit) })
		if w := ask(app, "/hello"); w.Code != code && !(code == 500 && w.Code == 503) {
			t.Errorf("%s: %d %s", limit, w.Code, w.Body)
		}
	}
}
