package spin_test

import (
	"fmt"
	"testing"

	"github.com/spinhost/spin"
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

// BenchmarkLoadDependencies is Load, from the code cache, of an app with 50 components that have a dependency each, and
// making each ready to be called. Nothing is compiled but the first time.
func BenchmarkLoadDependencies(b *testing.B) {
	ids := triedIDs()[:50]
	files := tryFS(b, "false", ids...)
	rt := newTryRuntime(b)
	run := func() {
		app, err := spin.Load(b.Context(), "spin.toml", &spin.Config{FS: files, Runtime: rt, HTTP: silent{}})
		if err != nil {
			b.Fatal(err)
		}
		for k := range ids {
			if _, err := app.Invoke(b.Context(), fmt.Sprintf("x%d", k), "acme:main/calls@1.0.0#none"); err == nil {
				b.Fatal("a function that there is not")
			}
		}
		if got := len(app.Capabilities().Components); got != len(ids) {
			b.Fatalf("%d components are loaded", got)
		}
		closeApp(b, app)
	}
	run()
	b.ReportAllocs()
	for b.Loop() {
		run()
	}
}
