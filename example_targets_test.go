package spin_test

import (
	"context"
	"errors"
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
	var misfit *target.Error
	if errors.As(err, &misfit) {
		fmt.Printf("%s: %s does not fit %s\n", misfit.Pos, misfit.Component, misfit.Environment)
		for _, reason := range misfit.Worlds[0].Reasons {
			fmt.Println(reason)
		}
	}
	// Output:
	// spin.toml:6:12: guest does not fit small-host
	// it imports "spin:sqlite/sqlite@3.1.0", which the world does not: remove what uses it
}
