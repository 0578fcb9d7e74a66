package runtimeconfig_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spinhost/spin/runtimeconfig"
)

const shopConfig = `[key_value_store.cache]
type = "redis"
url = "redis://kv.example:6379"

[key_value_store.default]
type = "spin"
path = "default.db"
`

func ExampleParse() {
	c, err := runtimeconfig.Parse([]byte(shopConfig), "/etc/shop/runtime-config.toml")
	if err != nil {
		panic(err)
	}
	for _, s := range c.KeyValueStores {
		fmt.Println(s.Label, s.Type)
	}

	_, err = runtimeconfig.Parse([]byte("[outbound_htp]\nmax_connections = 9\n"), "runtime-config.toml")
	fmt.Println(err)
	// Output:
	// cache redis
	// default spin
	// runtime-config.toml:1:2: outbound_htp: unknown key "outbound_htp": did you mean "outbound_http"?
}

func ExampleLoad() {
	dir, err := os.MkdirTemp("", "config")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	name := filepath.Join(dir, "runtime-config.toml")
	if err := os.WriteFile(name, []byte("[outbound_networking]\nblock_networks = [\"private\"]\n"), 0o600); err != nil {
		panic(err)
	}
	c, err := runtimeconfig.Load(name)
	fmt.Println(c.Networking.BlockNetworks, err)
	// Output: private <nil>
}

// A host builds the types that it has, and reports the others.
func ExampleSection_Decode() {
	c, err := runtimeconfig.Parse([]byte(shopConfig), "/etc/shop/runtime-config.toml")
	if err != nil {
		panic(err)
	}
	for _, s := range c.KeyValueStores {
		switch s.Type {
		case "spin":
			var file runtimeconfig.KeyValueFile
			err := s.Decode(&file)
			fmt.Println(filepath.ToSlash(string(file.Path)), err)
		default:
			fmt.Println(s.UnknownType("spin"))
		}
	}
	// Output:
	// /etc/shop/runtime-config.toml:2:8: key_value_store.cache.type: unknown type "redis": write one of spin
	// /etc/shop/default.db <nil>
}

func ExampleSection_Fault() {
	c, err := runtimeconfig.Parse([]byte(shopConfig), "runtime-config.toml")
	if err != nil {
		panic(err)
	}
	fmt.Println(c.KeyValueStores[0].Fault("url", nil, "nobody answers there: start the server, or correct the address"))
	// Output: runtime-config.toml:3:7: key_value_store.cache.url: nobody answers there: start the server, or correct the address
}

func ExampleConfig_TLSFor() {
	c, err := runtimeconfig.Parse([]byte(`[[client_tls]]
component_ids = ["billing"]
hosts = ["bank.example"]
ca_roots_file = "bank-ca.pem"
`), "/etc/shop/runtime-config.toml")
	if err != nil {
		panic(err)
	}
	fmt.Println(filepath.ToSlash(string(c.TLSFor("billing", "bank.example").CARootsFile)))
	fmt.Println(c.TLSFor("shop", "bank.example") == nil)
	// Output:
	// /etc/shop/bank-ca.pem
	// true
}

// A host makes of a table what package crypto/tls wants. What is wrong has its place.
func ExampleClientTLS_Load() {
	c, err := runtimeconfig.Parse([]byte(`[[client_tls]]
component_ids = ["billing"]
hosts = ["bank.example"]
ca_roots_file = "no-such-file.pem"
`), "runtime-config.toml")
	if err != nil {
		panic(err)
	}
	_, err = c.TLSFor("billing", "bank.example").Load(nil)
	var fault *runtimeconfig.Error
	if errors.As(err, &fault) {
		fmt.Println(fault.Pos, fault.Key, errors.Is(err, fs.ErrNotExist))
	}
	// Output: runtime-config.toml:4:17 client_tls[0].ca_roots_file true
}
