package spin_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
)

// Call what a component exports, without any trigger.
func ExampleApp_Invoke() {
	ctx := context.Background()
	app, err := spin.Load(ctx, "examples/capabilities", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	result, err := app.Invoke(ctx, "shop", "acme:shop/shop#visit")
	if err != nil {
		log.Fatal(err)
	}
	visits := result.(value.Tuple)[0].(value.Result) // tuple<result<u64, string>, u32>
	fmt.Println(visits.OK, visits.Value)
	// Output: true 1
}

// What each piece of code may do, and what it did.
func ExampleApp_Components() {
	ctx := context.Background()
	app, err := spin.Load(ctx, "examples/capabilities", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	if _, err := app.Invoke(ctx, "shop", "acme:shop/shop#visit"); err != nil {
		log.Fatal(err)
	}
	for _, c := range app.Components() {
		fmt.Println(c.ID(), c.Functions())
		for _, d := range c.Capabilities().Dependencies {
			for _, i := range d.Interfaces {
				fmt.Println(d.Name, i.ID, i.Allowed, i.Calls)
			}
		}
	}
	// Output:
	// shop [acme:shop/shop@1.0.0#visit]
	// acme:visits/counter fermyon:spin/key-value@2.0.0 true [{[method]store.get returned 1} {[method]store.set returned 1} {[static]store.open returned 1}]
	// acme:banner/banner wasi:cli/environment@0.2.6 false [{get-environment denied 1}]
	// acme:banner/banner fermyon:spin/key-value@2.0.0 false [{[static]store.open denied 1}]
}

// The same for all components, as text.
func ExampleApp_Capabilities() {
	ctx := context.Background()
	app, err := spin.Load(ctx, "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	report := app.Capabilities()
	fmt.Println(report.App, len(report.Components)) // fmt.Println(report) prints all of it
	// Output: hello 2
}
