package spin_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/target"
)

// A host says what it offers, and whoever writes components checks them against that.
func ExampleEnvironmentDefinition() {
	small := &spin.Config{HostAPIs: spin.DefaultHostAPIs().Without("spin:sqlite/sqlite@3.1.0")}
	definition, err := spin.EnvironmentDefinition(small, "small-host", "acme:small@1.0.0")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s", definition["small-host.toml"]) // and what it refers to, in wit/host.wit

	wasm, err := os.ReadFile("testdata/guests/rust/sqlite-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	files := fstest.MapFS{
		"guest.wasm":              {Data: wasm},
		"targets/small-host.toml": {Data: definition["small-host.toml"]},
		"targets/wit/host.wit":    {Data: definition["wit/host.wit"]},
		"spin.toml": {Data: []byte(`spin_manifest_version = 2
application = { name = "shop", targets = [{ path = "targets/small-host.toml" }] }
[[trigger.http]]
route = "/..."
component = "guest"
[component.guest]
source = "guest.wasm"
`)},
	}
	_, err = spin.Load(context.Background(), "spin.toml", &spin.Config{FS: files, Targets: &target.Loader{}})
	fmt.Println(err)
	// Output:
	// [triggers]
	// [triggers.http]
	// worlds = [{path = 'wit', world = 'acme:small/http-incoming-handler@1.0.0'}, {path = 'wit', world = 'acme:small/http-handler@1.0.0'}, {path = 'wit', world = 'acme:small/http-handler-v2@1.0.0'}]
	// capabilities = ['local_service_chaining', 'middleware']
	// spin.toml:6:12: component "guest" does not fit the environment "small-host", as it conforms to no world for triggers of type "http":
	//   world acme:small/http-incoming-handler@1.0.0:
	//     it imports "spin:sqlite/sqlite@3.1.0", which the world does not: remove what uses it
	//     it does not export "wasi:http/incoming-handler@0.2.12": export it, or build the component with an SDK that does
	//   world acme:small/http-handler@1.0.0:
	//     it imports "spin:sqlite/sqlite@3.1.0", which the world does not: remove what uses it
	//   world acme:small/http-handler-v2@1.0.0:
	//     it imports "spin:sqlite/sqlite@3.1.0", which the world does not: remove what uses it
	//     it does not export "wasi:http/handler@0.3.0-rc-2026-03-15": export it, or build the component with an SDK that does
}
