package spin_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
)

// Give the variables that a manifest declares their values. A provider of one's own, such as one
// for a secret store, implements variables.Provider.
func ExampleConfig_variables() {
	wasm, err := os.ReadFile("testdata/guests/rust/variables-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	files := fstest.MapFS{"guest.wasm": {Data: wasm}, "spin.toml": {Data: []byte(`spin_manifest_version = 2
[application]
name = "shop"
[variables]
region = { default = "north" }
api_key = { required = true, secret = true }
[[trigger.http]]
route = "/..."
component = "cart"
[component.cart]
source = "guest.wasm"
variables = { url = "https://{{ region }}.example.com/?key={{ api_key }}" }
`)}}
	environment := func(name string) (string, bool) { return "123", name == "SPIN_VARIABLE_API_KEY" } // os.LookupEnv
	ctx := context.Background()
	app, err := spin.Load(ctx, "spin.toml", &spin.Config{FS: files, Variables: []variables.Provider{
		variables.Static(map[string]string{"region": "south"}),
		variables.Environ(variables.DefaultPrefix, environment, nil),
	}})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(get(app, "/v3?name=url").Body)
	// Output: ok: https://south.example.com/?key=123
}
