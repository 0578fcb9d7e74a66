package manifest_test

import (
	"errors"
	"fmt"
	"testing/fstest"

	"github.com/spinhost/spin/manifest"
)

const helloManifest = `spin_manifest_version = 2
[application]
name = "hello"

[[trigger.http]]
route = "/hello/..."
component = "hello"

[component.hello]
source = "hello.wasm"
allowed_outbound_hosts = ["https://example.com"]
`

func ExampleLoad() {
	fsys := fstest.MapFS{"spin.toml": {Data: []byte(helloManifest)}}
	m, err := manifest.Load(fsys, "spin.toml", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range m.Components {
		fmt.Println(c.ID, c.Source.Path, c.AllowedOutboundHosts.CheckURL("https://example.com", "").Allowed())
	}
	// Output: hello hello.wasm true
}

func ExampleParse() {
	_, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application = { name = "hello", version = 1.10 }
[[trigger.http]]
component = "helo"
[component.hello]
sorce = "hello.wasm"
source = "hello.wasm"
`), nil)
	fmt.Println(err)
	var faults manifest.Errors
	if errors.As(err, &faults) {
		fmt.Println(len(faults), "faults")
	}
	// Output:
	// spin.toml:2:43: application.version: must be a string, not a float: write "1.10"
	// spin.toml:4:13: trigger.http[0].component: there is no component "helo": write one of "hello", or add the table [component.helo]
	// spin.toml:6:1: component.hello.sorce: unknown key "sorce": did you mean "source"?
	// 3 faults
}

func ExampleManifest_Component() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	hello, ok := m.Component("hello")
	fmt.Println(hello.Source.Path, ok)
	// Output: hello.wasm true
}

func ExampleManifest_TriggersOf() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	for _, t := range m.TriggerTypes() {
		for _, entry := range m.TriggersOf(t) {
			fmt.Println(t, entry.ID, entry.Component, entry.Keys())
		}
	}
	// Output: http hello-http-trigger hello [route]
}

func ExampleTable_Decode() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	var config struct {
		Route string `toml:"route"`
	}
	fmt.Println(m.Triggers[0].Decode(&config), config.Route)

	var other struct {
		Routes []string `toml:"routes"`
	}
	fmt.Println(m.Triggers[0].Decode(&other))
	// Output:
	// <nil> /hello/...
	// spin.toml:6:1: trigger.http[0].route: unknown key "route": did you mean "routes"?
}

func ExampleTable_KeyPos() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Triggers[0].KeyPos("route"))
	// Output: spin.toml:6:1
}

// A durationOrOff is either the word "off" or a table.
type durationOrOff struct{ Seconds int }

func (d *durationOrOff) UnmarshalManifest(decode func(into any) error) error {
	var word string
	if decode(&word) == nil && word == "off" {
		return nil
	}
	var table struct {
		Seconds int `toml:"seconds"`
	}
	err := decode(&table)
	d.Seconds = table.Seconds
	return err
}

func ExampleUnmarshaler() {
	m, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application.name = "clock"
[[trigger.timer]]
pause = { seconds = "3" }
`), nil)
	if err != nil {
		panic(err)
	}
	var config struct {
		Pause durationOrOff `toml:"pause"`
	}
	fmt.Println(m.Triggers[0].Decode(&config))
	// Output: spin.toml:4:21: trigger.timer[0].pause.seconds: must be an integer, not a string: write 3
}

func ExampleOptions() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest+`
[component.hello.profile.debug]
source = "debug/hello.wasm"
`), &manifest.Options{Profile: "debug"})
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Profile, m.Components[0].Source.Path)
	// Output: debug debug/hello.wasm
}

func ExampleDependency() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest+`
[component.hello.dependencies]
"acme:log/sink@1.0.0" = { path = "log.wasm", inherit_configuration = ["files"] }
"acme:pay" = ">=1.2, <2.0"
`), nil)
	if err != nil {
		panic(err)
	}
	for _, d := range m.Components[0].Dependencies {
		fmt.Println(d.Pos, d.Name.Package, d.Name.Interface, "from", d.Source, "inherits", d.Inherit)
	}
	// Output:
	// spin.toml:14:1 acme:log sink from log.wasm inherits files
	// spin.toml:15:1 acme:pay  from acme:pay@>=1.2, <2.0 inherits nothing
}

func ExampleParseDependencyName() {
	n, err := manifest.ParseDependencyName("acme:pay/card@1.0.0")
	fmt.Println(n.Package, n.Interface, n.Version, err)
	_, err = manifest.ParseDependencyName("acme:pay@1.0.0/card")
	fmt.Println(err)
	// Output:
	// acme:pay card 1.0.0 <nil>
	// "acme:pay@1.0.0/card" is not the name of a dependency: the version stands at the end: write "acme:pay/card@1.0.0"
}

func ExampleComponent_KeyPos() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	hello := m.Components[0]
	fmt.Println(hello.KeyPos("allowed_outbound_hosts"))
	fmt.Println(hello.KeyPos("files")) // is not there: where to add it
	// Output:
	// spin.toml:11:1
	// spin.toml:9:12
}

func ExampleTable_Values() {
	m, err := manifest.Parse("spin.toml", []byte(helloManifest), nil)
	if err != nil {
		panic(err)
	}
	fmt.Println(m.Triggers[0].Values())
	// Output: map[route:/hello/...]
}

func ExampleWarning() {
	m, err := manifest.Parse("spin.toml", []byte(`spin_manifest_version = 2
application.name = "old"
[trigger]
[component.c]
source = "c.wasm"
allowed_http_hosts = ["example.com"]
`), nil)
	if err != nil {
		panic(err)
	}
	for _, w := range m.Warnings {
		fmt.Println(w)
	}
	// Output: spin.toml:6:1: component.c.allowed_http_hosts: this key is replaced by allowed_outbound_hosts: write allowed_outbound_hosts = ["http://example.com", "https://example.com"]
}
