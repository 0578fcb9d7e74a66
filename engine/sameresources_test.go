package engine_test

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
)

// Components that were built for different versions of an interface exchange its resources if
// the host says that they are the same.
func TestSameResources(t *testing.T) {
	const release, candidate = "test:same/files@1.0.0", "test:same/files@1.0.0-rc1"
	host := func(same bool) *engine.Linker {
		l := engine.NewLinker()
		for _, id := range []string{release, candidate} {
			l.Define(id, func() (*abi.Interface, error) {
				return &abi.Interface{ID: id, Resources: []string{"file"}, Funcs: []abi.Func{
					{Name: "open", Type: "func(n:u32)->own<" + id + "#file>", Serve: func(c *abi.Call) { c.DynamicReturn(c.DynamicArgs()[0]) }},
					{Name: "[method]file.number", Type: "func(self:borrow<" + id + "#file>)->u32", Serve: func(c *abi.Call) { c.DynamicReturn(c.DynamicArgs()[0]) }},
				}}, nil
			})
		}
		if same {
			l.SameResources(candidate, release)
		}
		return l
	}
	for _, same := range []bool{true, false} {
		l := host(same)
		var g engine.Graph
		g.Add("reader", decode(t, wasmFile(t, "same-reader.wasm")), l)
		g.Add("opener", decode(t, wasmFile(t, "same-opener.wasm")), l)
		g.Connect("opener", "test:same/reads@1.0.0", "reader", "")
		p, err := g.Link(t.Context(), newRuntime(t), "opener")
		if !same {
			var misfit *engine.ImportError
			if !errors.As(err, &misfit) || misfit.From != "reader" {
				t.Errorf("resources of versions that are not the same: %v", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Close)
		i := instance(t, p, engine.InstanceConfig{})
		if got, err := i.Call(t.Context(), function(t, i, "number"), uint32(42)); got != uint32(42) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
}
