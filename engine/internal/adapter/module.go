package adapter

import (
	"encoding/binary"

	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// Sections of a core module (Core specification, "Binary Format").
const (
	secCustom   = 0
	secType     = 1
	secImport   = 2
	secFunction = 3
	secMemory   = 5
	secGlobal   = 6
	secExport   = 7
	secCode     = 10
)

// Module is a generated module. What it exports has the names of ExportName.
type Module struct {
	Wasm    []byte
	Imports []Import // in the module's order
}

// builder collects the parts of a module. Functions and memories are numbered by their
// imports, which all calls have announced before code is generated.
type builder struct {
	types    [][]byte
	imports  []Import
	entries  []byte // of the import section
	funcs    map[Import]uint32
	memories map[Import]uint32
	defined  []uint32 // types of the functions of the module
	bodies   [][]byte
	names    []string // of those functions
	helpers  map[helperKey]uint32
	own      []byte // sections of memories and globals of the module's own
	exports  []byte // of the export section
	exported int
}

// Build generates the module for calls, which must not be empty.
func Build(calls []Call) *Module {
	b := &builder{funcs: map[Import]uint32{}, memories: map[Import]uint32{}, helpers: map[helperKey]uint32{}}
	for i := range calls {
		b.announce(&calls[i])
	}
	for i := range calls {
		c := &calls[i]
		b.export(ExportName(i), b.define("call of "+c.Name, c.Type.LowerSignature(types.SignatureOptions{})))
	}
	for i := range calls {
		b.bodies[i] = b.call(&calls[i])
	}
	return &Module{Wasm: b.bytes(), Imports: b.imports}
}

// ControlModule is the module whose instance has the control memory, which is of one page and
// does not grow.
func ControlModule() []byte {
	m := header()
	m = section(m, secMemory, []byte{1, 1, 1, 1})
	return section(m, secExport, append(append([]byte{1}, name(ControlExport)...), byte(corewasm.Memory), 0))
}

// announce imports what a call needs.
func (b *builder) announce(c *Call) {
	b.memory(Import{Kind: Control})
	b.function(Import{CoreFunc, c.Core}, c.Type.LiftSignature(types.SignatureOptions{}))
	b.function(Import{Trampoline, c.Plan}, c.Type.LowerSignature(types.SignatureOptions{}))
	b.function(Import{Trampoline, c.Fault}, FaultType())
	if c.PostReturn != None {
		post := corewasm.FuncType{Params: c.Type.LiftSignature(types.SignatureOptions{}).Results}
		b.function(Import{CoreFunc, c.PostReturn}, post)
	}
	for _, s := range []*Side{&c.Caller, &c.Callee} {
		if s.Memory != None {
			b.memory(Import{Memory, s.Memory})
		}
		if s.Realloc != None {
			i32 := corewasm.I32
			b.function(Import{CoreFunc, s.Realloc}, corewasm.FuncType{
				Params: []corewasm.ValType{i32, i32, i32, i32}, Results: []corewasm.ValType{i32},
			})
		}
		if s.Context {
			b.function(Import{Kind: SaveContext}, SaveType())
			b.function(Import{Kind: RestoreContext}, RestoreType())
		}
	}
}

func (b *builder) function(i Import, t corewasm.FuncType) {
	if _, ok := b.funcs[i]; ok {
		return
	}
	b.funcs[i] = uint32(len(b.funcs))
	b.entry(i)
	b.entries = binary.AppendUvarint(append(b.entries, byte(corewasm.Func)), uint64(b.typeOf(t)))
}

func (b *builder) memory(i Import) {
	if _, ok := b.memories[i]; ok {
		return
	}
	b.memories[i] = uint32(len(b.memories))
	b.entry(i)
	b.entries = append(b.entries, byte(corewasm.Memory), 0, 0)
}

// entry begins an import. Imports are linked by their order: they have names only to differ.
func (b *builder) entry(i Import) {
	b.entries = append(append(b.entries, 0), name(ExportName(len(b.imports)))...)
	b.imports = append(b.imports, i)
}

// typeOf returns the index of a function type.
func (b *builder) typeOf(t corewasm.FuncType) uint32 {
	enc := append([]byte{0x60}, valTypes(t.Params)...)
	enc = append(enc, valTypes(t.Results)...)
	for i, x := range b.types {
		if string(x) == string(enc) {
			return uint32(i)
		}
	}
	b.types = append(b.types, enc)
	return uint32(len(b.types) - 1)
}

// define adds a function, whose body is still to be generated, and returns its index.
func (b *builder) define(name string, t corewasm.FuncType) uint32 {
	b.defined = append(b.defined, b.typeOf(t))
	b.bodies = append(b.bodies, nil)
	b.names = append(b.names, name)
	return uint32(len(b.funcs) + len(b.defined) - 1)
}

// export exports a function.
func (b *builder) export(as string, fn uint32) {
	b.exports = binary.AppendUvarint(append(append(b.exports, name(as)...), byte(corewasm.Func)), uint64(fn))
	b.exported++
}

// bytes writes the module.
func (b *builder) bytes() []byte {
	m := header()
	m = section(m, secType, vec(b.types))
	m = section(m, secImport, append(binary.AppendUvarint(nil, uint64(len(b.imports))), b.entries...))
	funcs := binary.AppendUvarint(nil, uint64(len(b.defined)))
	for _, t := range b.defined {
		funcs = binary.AppendUvarint(funcs, uint64(t))
	}
	m = section(m, secFunction, funcs)
	m = append(m, b.own...)
	m = section(m, secExport, append(binary.AppendUvarint(nil, uint64(b.exported)), b.exports...))
	code := binary.AppendUvarint(nil, uint64(len(b.bodies)))
	for _, body := range b.bodies {
		code = append(binary.AppendUvarint(code, uint64(len(body))), body...)
	}
	m = section(m, secCode, code)
	return section(m, secCustom, append(name("name"), b.nameSection()...))
}

// nameSection names the functions for stack traces.
func (b *builder) nameSection() []byte {
	s := binary.AppendUvarint(nil, uint64(len(b.names)))
	for i, n := range b.names {
		s = binary.AppendUvarint(s, uint64(len(b.funcs)+i))
		s = append(s, name(n)...)
	}
	module := section(nil, 0, name(ModuleName))
	return section(module, 1, s)
}

func header() []byte { return []byte("\x00asm\x01\x00\x00\x00") }

func section(m []byte, id byte, body []byte) []byte {
	return append(binary.AppendUvarint(append(m, id), uint64(len(body))), body...)
}

func name(s string) []byte { return append(binary.AppendUvarint(nil, uint64(len(s))), s...) }

func vec(items [][]byte) []byte {
	b := binary.AppendUvarint(nil, uint64(len(items)))
	for _, i := range items {
		b = append(b, i...)
	}
	return b
}

func valTypes(ts []corewasm.ValType) []byte {
	b := binary.AppendUvarint(nil, uint64(len(ts)))
	for _, t := range ts {
		b = append(b, byte(t))
	}
	return b
}
