package link

import (
	"encoding/binary"

	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/corewasm"
)

// forwardTrampolines gives those trampolines that the runtime itself calls, such as a
// lowered function that a component names as a destructor, a core function that calls them:
// only functions of core modules can be called from outside.
func (l *linker) forwardTrampolines() error {
	for i, x := range l.p.Funcs {
		if x.Trampoline == canon.None {
			continue
		}
		b := forwarder(l.p.CoreTypes[x.Trampoline])
		info, err := corewasm.Parse(b)
		if err != nil {
			return err
		}
		n := len(l.p.Instances)
		l.p.Instances = append(l.p.Instances, CoreInstance{
			Module:  l.module(&spec.CoreModule{Bytes: b, Info: info}),
			Owner:   l.p.Canon.Trampolines[x.Trampoline].Instance,
			Imports: []CoreItem{x},
		})
		l.p.Funcs[i] = CoreItem{Trampoline: canon.None, Instance: n, Name: "f"}
	}
	return nil
}

// forwarder makes a core module that exports a function "f" of the given type, which calls
// the module's one import.
func forwarder(t corewasm.FuncType) []byte {
	vec := func(ts []corewasm.ValType) []byte {
		b := binary.AppendUvarint(nil, uint64(len(ts)))
		for _, v := range ts {
			b = append(b, byte(v))
		}
		return b
	}
	body := []byte{0} // no locals
	for i := range t.Params {
		body = binary.AppendUvarint(append(body, opLocalGet), uint64(i))
	}
	body = append(body, 0x10, 0, opEnd) // call 0
	code := append([]byte{1}, binary.AppendUvarint(nil, uint64(len(body)))...)
	m := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, b []byte) {
		m = binary.AppendUvarint(append(m, id), uint64(len(b)))
		m = append(m, b...)
	}
	section(sectionType, append(append([]byte{1, 0x60}, vec(t.Params)...), vec(t.Results)...))
	section(2, []byte{1, 0, 0, 0, 0})   // import "" "" of function type 0
	section(3, []byte{1, 0})            // a function of type 0
	section(7, []byte{1, 1, 'f', 0, 1}) // export "f" function 1
	section(sectionCode, append(code, body...))
	return m
}
