package corewasm

// Import is one import of a module.
type Import struct {
	Module, Name string
	Type         ExternType
}

// Export is one export of a module. Index is its index in the index space of
// its kind, imports counted first.
type Export struct {
	Name  string
	Type  ExternType
	Index uint32
}

// Module is the outside of a core module.
type Module struct {
	Imports []Import // in the order of the module
	Exports []Export // in the order of the module

	HasStart         bool
	NumFuncs         uint32 // all functions, imported ones included
	NumImportedFuncs uint32
	CodeBytes        uint64 // size of the code section

	NumTags            uint32 // all tags, imported ones included
	NumImportedGlobals uint32

	// Tables, memories and globals that the module defines itself.
	Tables   []TableType
	Memories []Limits
	Globals  []GlobalType

	// Names is the name section, nil if the module has none. It refers to the
	// bytes that were parsed and keeps them alive.
	Names *Names

	// Collected is whether instances may have objects that a garbage collector
	// manages: the module has types that are no functions. See also KeepsExceptions.
	Collected bool

	// TypedRefs is whether a function type of the module has a parameter that is a
	// reference other than funcref and externref.
	TypedRefs bool

	types   []*FuncType // nil for types that are no function
	funcs   []uint32    // type index of each function
	codeAt  int         // where the code section's contents begin; 0 without
	exports map[string]int
}

// Export finds an export by name.
func (m *Module) Export(name string) (Export, bool) {
	i, ok := m.exports[name]
	if !ok {
		return Export{}, false
	}
	return m.Exports[i], true
}

// ExportIndex finds the place in Exports of an export.
func (m *Module) ExportIndex(name string) (int, bool) {
	i, ok := m.exports[name]
	return i, ok
}

// FuncName is the name of a function from the name section, "" if there is none.
func (m *Module) FuncName(index uint32) string { return m.Names.FuncName(index) }

// ParseLimits bound what Parse accepts. Each field is the greatest accepted
// count, or length in bytes.
type ParseLimits struct {
	Types, Imports, Exports, Functions, Tables, Memories, Globals, Tags int
	Params, Results, Fields                                             int
	NameBytes                                                           int

	BodyBytes int // of one function body
	Locals    int // of one function, without its parameters
}

// DefaultParseLimits are those of Parse. They are the limits that wasm engines
// agree on, lowered where no real module comes near.
func DefaultParseLimits() ParseLimits {
	return ParseLimits{
		Types: 100_000, Imports: 100_000, Exports: 100_000, Functions: 1_000_000,
		Tables: 1_000, Memories: 100, Globals: 100_000, Tags: 100_000,
		Params: 1_000, Results: 1_000, Fields: 10_000,
		NameBytes: 100_000,
		BodyBytes: 7_654_321, Locals: 50_000,
	}
}

// Parse reads a module. Any failure is an *Error.
func Parse(wasm []byte) (*Module, error) { return ParseWithLimits(wasm, DefaultParseLimits()) }

// ParseWithLimits is Parse with limits of the caller's.
func ParseWithLimits(wasm []byte, max ParseLimits) (m *Module, err error) {
	defer catch(&err)
	p := &parser{m: &Module{exports: map[string]int{}}, max: max}
	p.module(&reader{b: wasm, end: len(wasm), name: "module"})
	return p.m, nil
}
