package capability_test

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/capability"
)

// exampleDependency is component cart's dependency on acme:auth/tokens, which may use its key-value stores.
func exampleDependency() capability.Subject {
	return capability.Subject{Component: "cart", Path: []capability.Dependency{{
		Name: "acme:auth/tokens",
		Pos:  capability.Position{File: "spin.toml", Line: 20, Column: 1},
		Inherit: capability.InheritSets(capability.Position{File: "spin.toml", Line: 20, Column: 45}, []capability.Entry{
			{Text: "key_value_stores", Pos: capability.Position{File: "spin.toml", Line: 20, Column: 70}},
		}),
	}}}
}

func ExampleDecide() {
	subject := exampleDependency()
	fmt.Println(capability.Decide(subject, "spin:key-value/key-value@3.0.0", ""))
	fmt.Println(capability.Decide(subject, "wasi:http/client@0.3.0", ""))
	// Output:
	// dependency "acme:auth/tokens" of component "cart" may use spin:key-value/key-value@3.0.0: it inherits key_value_stores (spin.toml:20:70)
	// dependency "acme:auth/tokens" of component "cart" may not use wasi:http/client@0.3.0: write inherit_configuration = ["key_value_stores", "allowed_outbound_hosts"] (spin.toml:20:45)
}

func ExampleGrant_Err() {
	err := capability.Decide(exampleDependency(), "acme:geo/lookup@1.0.0", "geo").Err()
	var denied *capability.GrantError
	if errors.Is(err, capability.ErrDenied) && errors.As(err, &denied) {
		fmt.Println(denied.Set, denied.Missing[0].Text)
	}
	// Output: geo inherit_configuration = ["key_value_stores", "geo"]
}

func ExampleInherit_Check() {
	inherit := capability.InheritSets(capability.Position{}, []capability.Entry{
		{Text: "sqlite", Pos: capability.Position{File: "spin.toml", Line: 20, Column: 70}},
		{Text: "files", Pos: capability.Position{File: "spin.toml", Line: 20, Column: 80}},
	})
	fmt.Println(inherit.Check([]string{"files", "sqlite_databases"}))
	// Output: spin.toml:20:70: inherit_configuration: "sqlite" is no capability set: the sets are files, sqlite_databases
}

func ExampleInheritAll() {
	inherit := capability.InheritAll(capability.Position{File: "spin.toml", Line: 20, Column: 45}, true)
	fmt.Println(inherit.Allows("variables"))
	// Output: spin.toml:20:45 true
}

func ExampleSetOf() {
	fmt.Println(capability.SetOf("wasi:keyvalue/batch@0.2.0-draft2"))
	fmt.Println(capability.SetOf("wasi:clocks/wall-clock@0.2.0"))
	// Output:
	// key_value_stores true
	//  false
}

func ExampleSets() {
	for _, set := range capability.Sets()[:2] {
		fmt.Printf("%s: %s\n", set, capability.DescribeSet(set))
	}
	// Output:
	// ai_models: inference with large language models, and embeddings
	// allowed_outbound_hosts: connections to other hosts: HTTP, databases, Redis, MQTT, sockets, name lookup
}

func ExampleInterfacesOf() {
	fmt.Println(capability.InterfacesOf("sqlite_databases"))
	// Output: [fermyon:spin/sqlite spin:sqlite/sqlite]
}

func ExampleAmbient() {
	fmt.Println(capability.Ambient("wasi:random/random@0.3.0"), capability.Ambient("wasi:sockets/types@0.3.0"))
	// Output: true false
}

func ExampleParseInterfaceID() {
	old, err := capability.ParseInterfaceID("wasi:http/types@0.2.0")
	if err != nil {
		panic(err)
	}
	for _, text := range []string{"wasi:http/types@0.2.6", "wasi:http/types@0.3.0"} {
		id, err := capability.ParseInterfaceID(text)
		fmt.Println(id.Name(), id.Track(), id.Compatible(old), err)
	}
	// Output:
	// wasi:http/types wasi:http/types@0.2 true <nil>
	// wasi:http/types wasi:http/types@0.3 false <nil>
}

func ExampleDenialOf() {
	d, ok := capability.DenialOf("wasi:config/store@0.2.0-draft-2024-09-27", "get-all")
	fmt.Println(ok, d.Kind == capability.DenyMessage, d.Case, d.Message)
	// Output: true true io "wasi:config/store" is not permitted
}

func ExampleReport() {
	var usage capability.Usage
	component := capability.Subject{Component: "cart", Pos: capability.Position{File: "spin.toml", Line: 10, Column: 1}}
	open := usage.Counter("cart", nil, "spin:key-value/key-value@3.0.0", "[static]store.open")
	open.Add(capability.Returned)

	imports := []capability.Import{{ID: "spin:key-value/key-value@3.0.0"}}
	part := capability.NewPart(component, imports, &usage)
	part.Dependencies = []capability.Part{capability.NewPart(exampleDependency(), imports, &usage)}
	fmt.Print(capability.Report{App: "shop", Components: []capability.Part{part}})
	// Output:
	// app "shop"
	//   component "cart" (spin.toml:10:1)
	//     allowed  spin:key-value/key-value@3.0.0  key_value_stores  key_value_stores of the component says how far (spin.toml:10:1)
	//                [static]store.open                              returned 1
	//     dependency "acme:auth/tokens" (spin.toml:20:1), inherits key_value_stores
	//       allowed  spin:key-value/key-value@3.0.0  key_value_stores  it inherits key_value_stores (spin.toml:20:70)
}

func ExampleHosts_Resolve() {
	hosts := exampleHosts("https://{{ region }}.example.com")
	fmt.Println(hosts.Names(), hosts.CheckURL("https://eu.example.com", "").Allowed())
	hosts, err := hosts.Resolve(func(name string) (string, error) { return "eu", nil })
	fmt.Println(hosts.CheckURL("https://eu.example.com", ""), err)
	// Output:
	// [region] false
	// https://eu.example.com is allowed by "https://{{ region }}.example.com" at spin.toml:13:3 <nil>
}

func ExampleHosts_ServiceChaining() {
	fmt.Println(exampleHosts("https://example.com", "http://mail.spin.internal").ServiceChaining())
	// Output: true
}
