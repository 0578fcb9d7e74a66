package target_test

import (
	"context"
	"errors"
	"fmt"
	"testing/fstest"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/target"
)

const cafeWIT = `package acme:cafe@1.0.0;
interface menu { order: func(dish: string) -> u32; }
interface waiter { serve: func(table: u32); }
world http { import menu; export waiter; }
`

func cafe() fstest.MapFS {
	return fstest.MapFS{
		"envs/cafe/cafe@1.0.toml": {Data: []byte("[triggers.http]\nworlds = [{ path = \"wit\", world = \"acme:cafe/http@1.0.0\" }]\n")},
		"envs/cafe/wit/cafe.wit":  {Data: []byte(cafeWIT)},
	}
}

func ExampleParse() {
	_, err := target.Parse("cafe", "cafe.toml", []byte("[triggers.http]\nworld = \"acme:cafe/http@1.0.0\"\n"))
	fmt.Println(err)
	// Output:
	// cafe.toml:1:11: triggers.http: the key "worlds" is missing: write worlds = ["acme:host/http@1.0.0"] with the worlds of which components must conform to one
	// cafe.toml:2:1: triggers.http.world: unknown key "world": remove it, or write one of worlds, capabilities
}

func ExampleParseWorldName() {
	name, err := target.ParseWorldName("acme:cafe/http@1.0.0")
	fmt.Println(name.Package, name.World, name.Version, err)
	// Output: acme:cafe http 1.0.0 <nil>
}

func ExampleLoader() {
	loader := &target.Loader{Catalogue: target.FSCatalogue(cafe())}
	env, err := loader.Load(context.Background(), target.Reference{Name: "cafe:1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, w := range env.Worlds("http") {
		fmt.Println(w.ID())
	}
	_, err = loader.Load(context.Background(), target.Reference{Name: "cafe:2.0"})
	fmt.Println(err)
	// Output:
	// acme:cafe/http@1.0.0
	// target environment "cafe:2.0": "cafe:2.0": no such environment in the catalogue: write one of "cafe:1.0"
}

func ExampleCheck() {
	loader := &target.Loader{Catalogue: target.FSCatalogue(cafe())}
	env, err := loader.Load(context.Background(), target.Reference{Name: "cafe:1.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = target.Check(target.App{
		Environments: []*target.Environment{env},
		Triggers:     []target.AppTrigger{{Type: "http", Component: "shop"}},
		Components: []*target.Component{{
			ID:           "shop",
			Environments: []*target.Environment{env},
			// As engine.Component.Imports and Exports list them.
			Imports: []target.Extern{{Name: "acme:cafe/menu@1.0.0", Kind: "instance", Items: []target.Extern{
				{Name: "order", Kind: "function", Type: "func(dish:string)->string"},
			}}},
			Exports: []target.Extern{{Name: "acme:cafe/waiter@1.0.0", Kind: "instance", Items: []target.Extern{
				{Name: "serve", Kind: "function", Type: "func(table:u32)"},
			}}},
		}},
	})
	fmt.Println(err)
	fmt.Println(errors.Is(err, target.ErrWorld))
	// Output:
	// component "shop" does not fit the environment "cafe:1.0", as it conforms to no world for triggers of type "http":
	//   world acme:cafe/http@1.0.0:
	//     it imports the function "acme:cafe/menu@1.0.0#order" with the type func(dish:string)->string, and in the world it has the type func(dish:string)->u32: build the component with the WIT of the world
	// true
}

func ExampleWrite() {
	set, err := wit.Parse("cafe.wit", cafeWIT)
	if err != nil {
		fmt.Println(err)
		return
	}
	files, err := target.Write(target.Host{
		Name:     "my-host",
		Package:  "my:host@2.0.0",
		Imports:  []string{"acme:cafe/menu@1.0.0"},
		Triggers: []target.HostTrigger{{Type: "http", Exports: []string{"acme:cafe/waiter@1.0.0"}}},
		WIT:      set,
	})
	fmt.Printf("%s\n%s%v", files["my-host.toml"], files["wit/host.wit"], err)
	// Output:
	// [triggers]
	// [triggers.http]
	// worlds = [{path = 'wit', world = 'my:host/http-waiter@2.0.0'}]
	//
	// package my:host@2.0.0;
	//
	// world http-waiter {
	//   import acme:cafe/menu@1.0.0;
	//
	//   export acme:cafe/waiter@1.0.0;
	// }
	//
	// package acme:cafe@1.0.0 {
	//   interface menu {
	//     order: func(dish: string) -> u32;
	//   }
	//
	//   interface waiter {
	//     serve: func(table: u32);
	//   }
	// }
	// <nil>
}

func ExampleLoader_App() {
	m, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application = { name = "shop", targets = ["cafe:1.0"] }
[[trigger.http]]
component = { source = "shop.wasm" }
`), nil)
	if err != nil {
		panic(err)
	}
	loader := &target.Loader{Catalogue: target.FSCatalogue(cafe())}
	app, err := loader.App(context.Background(), m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range app.Components {
		fmt.Println(c.ID, "is for", c.Environments[0].Name)
		// Fill in c.Imports and c.Exports here.
	}
	fmt.Println(errors.Is(target.Check(app), target.ErrWorld))
	// Output:
	// http-trigger1-component is for cafe:1.0
	// true
}
