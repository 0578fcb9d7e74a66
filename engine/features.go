package engine

import (
	"github.com/spinhost/spin/engine/internal/validate"
	"github.com/spinhost/spin/internal/corewasm"
)

// Features are parts of the component model and of core WebAssembly that released toolchains
// do without. They are off unless they are switched on: those of components in
// [DecodeConfig], those of core code in [Config], Memory64 and GC in both. What uses one that is
// off is refused.
type Features struct {
	Threads      bool // the built-ins for threads of a component, which take turns
	ErrorContext bool // the type error-context and its built-ins
	FixedLists   bool // lists of a fixed length
	Memory64     bool // 64-bit memories

	Exceptions bool // exception handling in core code
	GC         bool // garbage-collected types in core code; of canonical options their GC form, for functions without values
}

// component returns the features as package validate knows them.
func (f Features) component() validate.Features {
	v := validate.DefaultFeatures()
	v.Threads, v.ErrorContext, v.FixedLists, v.Memory64 = f.Threads, f.ErrorContext, f.FixedLists, f.Memory64
	v.GC = f.GC
	return v
}

// has64Bits reports whether a core module has a memory or table that is indexed by 64 bits.
func has64Bits(m *corewasm.Module) bool {
	for _, l := range m.Memories {
		if l.Is64 {
			return true
		}
	}
	for _, t := range m.Tables {
		if t.Is64 {
			return true
		}
	}
	for _, i := range m.Imports {
		if i.Type.Kind == corewasm.Memory && i.Type.Memory.Is64 || i.Type.Kind == corewasm.Table && i.Type.Table.Is64 {
			return true
		}
	}
	return false
}
