package spin_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/trigger"
)

// BenchmarkDependency is a call from outside in a new instance, of a host function that has next to nothing to do: by
// a component itself, by its dependency, and by a dependency that is denied it.
func BenchmarkDependency(b *testing.B) {
	for _, c := range []struct{ name, inherit, export, want string }{
		{"own", "own", "acme:try/calls@1.0.0#try", "0"},
		{"inherited", "true", "acme:main/calls@1.0.0#try", "0"},
		{"denied", "false", "acme:main/calls@1.0.0#try", "3"},
	} {
		b.Run(c.name, func(b *testing.B) {
			app := loadTry(b, tryFS(b, c.inherit, "fermyon:spin/key-value@2.0.0"), spin.Config{Runtime: newTryRuntime(b)})
			if got, err := tryCall(b, app, "x0", c.export[:len(c.export)-len("#try")], uint32(0)); got != c.want {
				b.Fatal(got, err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := app.Invoke(b.Context(), "x0", c.export, uint32(0)); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkLoadDependencies is Load, from the code cache, of an app with 50 components that have five dependencies each,
// making each ready to be called, a report of what they may do, and Close. Nothing is compiled but the first time.
func BenchmarkLoadDependencies(b *testing.B) {
	const components, dependencies = 50, 5
	ids := triedIDs()[:components]
	files := tryFS(b, "false", ids...)
	var names []string
	for k := range dependencies {
		names = append(names, fmt.Sprintf("acme:d%d/calls@1.0.0", k))
	}
	files["main.wasm"] = &fstest.MapFile{Data: tiny(names, []string{"acme:main/calls@1.0.0"})}
	text := tryHead
	for k := range components {
		text += fmt.Sprintf("[component.x%d]\nsource = \"main.wasm\"\nkey_value_stores = [\"default\"]\n[component.x%[1]d.dependencies]\n", k)
		for d, name := range names {
			text += fmt.Sprintf("%q = { path = %q, export = \"acme:try/calls@1.0.0\", inherit_configuration = [\"key_value_stores\"] }\n", name, tryFile(ids[(k+d)%len(ids)]))
		}
	}
	files["spin.toml"] = &fstest.MapFile{Data: []byte(text)}
	rt := newTryRuntime(b)
	run := func() {
		app, err := spin.Load(b.Context(), "spin.toml", &spin.Config{FS: files, Runtime: rt, HTTP: silent{}})
		if err != nil {
			b.Fatal(err)
		}
		for k := range components {
			if _, err := app.Invoke(b.Context(), fmt.Sprintf("x%d", k), "acme:main/calls@1.0.0#none"); err == nil {
				b.Fatal("a function that there is not")
			}
		}
		report := app.Capabilities()
		if got := len(report.Components); got != components || len(report.Components[0].Dependencies) != dependencies {
			b.Fatalf("%d components are loaded: %v", got, report)
		}
		closeApp(b, app)
	}
	run()
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}

const repeatTOML = `spin_manifest_version = 2
[application]
name = "repeat"
[[trigger.plain]]
component = "repeat"
[component.repeat]
source = "repeat.wasm"
dependencies."acme:repeat/dependency" = { path = "repeated.wasm" }
`

// adder is acme:repeat/host.
func adder(*hostapi.Scope) (*abi.Interface, error) {
	return &abi.Interface{ID: "acme:repeat/host@1.0.0", Funcs: []abi.Func{{
		Name: "add", Type: "func(a:u32,b:u32)->u32",
		Serve: func(c *abi.Call) {
			a := c.Args()
			c.Return(uint64(a.U32(0) + a.U32(1)))
		},
	}}}, nil
}

// BenchmarkCalls is what calls cost that an instance makes again and again: of a function of its dependency, of one of
// the host, and by the dependency of one that it is denied.
func BenchmarkCalls(b *testing.B) {
	p := &plainTrigger{kind: "plain"}
	_, err := loadBundle(b, watFS(b, repeatTOML), func(c *spin.Config) {
		withTrigger(p)(c)
		c.Runtime = newTryRuntime(b)
		c.HostAPIs = spin.DefaultHostAPIs().With(hostapi.Interface{ID: "acme:repeat/host@1.0.0", Bind: adder})
	})
	if err != nil {
		b.Fatal(err)
	}
	c, err := p.host.Component("repeat")
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"dependency", "host", "refused"} {
		b.Run(name, func(b *testing.B) {
			f, err := c.Func("", name, "func(n:u32)->u32")
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			got, err := trigger.Invoke(b.Context(), c, f, uint32(b.N))
			if got != uint32(b.N) || err != nil {
				b.Fatal(got, err)
			}
		})
	}
}
