package link

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/adapter"
	"github.com/spinhost/spin/engine/internal/canon"
)

// adapters counts the functions that core instances import of generated modules, and the
// instances of those.
func adapters(p *Program) (funcs, sets int) {
	for _, in := range p.Instances {
		for _, x := range in.Imports {
			if x.Trampoline == canon.None && isAdapter(p, x.Instance) {
				funcs++
			}
		}
	}
	for i := range p.Instances {
		if isAdapter(p, i) {
			sets++
		}
	}
	return funcs, sets
}

func isAdapter(p *Program, instance int) bool {
	info := p.Modules[p.Instances[instance].Module].Info
	e, ok := info.Export(adapter.ExportName(0))
	return ok && strings.HasPrefix(info.FuncName(e.Index), "call of ")
}

// Adapters stand after what they import and before who imports them, in as few instances as
// that allows.
func TestPlacesOfAdapters(t *testing.T) {
	for file, want := range map[string][2]int{
		"benchcalls.wasm":      {4, 1}, // two of six pass a handle
		"wast/adapters.0.wasm": {1, 1},
		"wast/adapters.1.wasm": {4, 3}, // a chain, and an allocator that calls
		"wast/adapters.2.wasm": {1, 1},
		"wast/shim.0.wasm":     {1, 1},
		"wast/tasks.0.wasm":    {0, 0},
	} {
		p, err := linked(t, read(t, "../../testdata", file), anybody{})
		if err != nil {
			t.Fatal(file, err)
		}
		check(t, p)
		if funcs, sets := adapters(p); [2]int{funcs, sets} != want {
			t.Errorf("%s: %d adapters in %d instances, want %v", file, funcs, sets, want)
		}
		if has := p.Control != canon.None; has != (want[1] > 0) {
			t.Errorf("%s: control memory %v", file, has)
		}
		if p.Control != canon.None && p.Memories[p.Control].Name != adapter.ControlExport {
			t.Errorf("%s: the control memory is %v", file, p.Memories[p.Control])
		}
	}
}
