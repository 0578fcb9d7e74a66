package spin_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/manifest/locked"
	"github.com/spinhost/spin/registry"
	"github.com/spinhost/spin/runtimeconfig"
)

// Load components by version, from packages that are delivered with the program.
func ExampleConfig_registry() {
	wasm, err := os.ReadFile("testdata/guests/rust/hello-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	packages := fstest.MapFS{"example.com/acme/hello/1.2.0.wasm": {Data: wasm}} // os.DirFS("packages")
	files := fstest.MapFS{"spin.toml": {Data: []byte(`spin_manifest_version = 2
[application]
name = "shop"
[[trigger.http]]
route = "/..."
component = "hello"
[component.hello]
source = { registry = "example.com", package = "acme:hello", version = "1.2.0" }
`)}}
	ctx := context.Background()
	_, err = spin.Load(ctx, "spin.toml", &spin.Config{FS: files})
	fmt.Println(err)

	app, err := spin.Load(ctx, "spin.toml", &spin.Config{FS: files, Registry: registry.Dir(packages), SourceCache: "-"})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(get(app, "/").Body)
	// Output:
	// spin.toml:8:38: component "hello": source "acme:hello@1.2.0 of example.com": acme:hello: cannot be fetched, as there is no registry: set Config.Registry, or download the file and write its path
	// Hello, world!
}

// Load an app that a tool has locked, as hosts get them: here with the digest of its component.
func ExampleLoad_lock() {
	wasm, err := os.ReadFile("testdata/guests/rust/hello-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	text, err := (&locked.App{
		Metadata: locked.Values{"name": "shop"},
		Triggers: []locked.Trigger{{ID: "all", Type: "http", Config: locked.Values{"component": "hello", "route": "/..."}}},
		Components: []locked.Component{{ID: "hello", Source: locked.Source{
			ContentType: locked.WasmContent,
			Content:     locked.Content{Source: "file:///bundle/hello.wasm", Digest: registry.DigestOf(wasm).String()},
		}}},
	}).Marshal()
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	app, err := spin.Load(ctx, "spin.lock", &spin.Config{FS: fstest.MapFS{ // os.DirFS("/srv")
		"spin.lock":         {Data: text},
		"bundle/hello.wasm": {Data: wasm},
	}})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(app.Name(), get(app, "/").Body)
	// Output: shop Hello, world!
}

// Let whoever runs the program say in a file which stores and variables there are.
func ExampleDefaultRuntimeTypes() {
	wasm, err := os.ReadFile("testdata/guests/rust/variables-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	files := fstest.MapFS{"guest.wasm": {Data: wasm}, "spin.toml": {Data: []byte(`spin_manifest_version = 2
[application]
name = "shop"
[variables]
region = { default = "north" }
[[trigger.http]]
route = "/..."
component = "cart"
[component.cart]
source = "guest.wasm"
variables = { url = "https://{{ region }}.example.com/" }
key_value_stores = ["cache"]
`)}}
	rc, err := runtimeconfig.Parse([]byte(`
[key_value_store.cache]
type = "spin"
path = "cache.db"
[[variables_provider]]
type = "static"
values = { region = "south" }
`), "/etc/shop/runtime-config.toml")
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	app, err := spin.Load(ctx, "spin.toml", &spin.Config{
		FS: files, RuntimeConfig: rc, RuntimeTypes: spin.DefaultRuntimeTypes(os.LookupEnv),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(get(app, "/v3?name=url").Body)
	// Output: ok: https://south.example.com/
}
