package link

import (
	"encoding/binary"
	"fmt"

	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/corewasm"
)

// maxForwarders bounds the modules that are made: each has to be compiled.
const maxForwarders = 100

// forwardTrampolines gives those trampolines that the runtime itself calls, such as a
// lowered function that a component names as a destructor, a core function that calls them:
// only functions of core modules can be called from outside. These instances are made before
// all others, whose start functions may call them.
func (l *linker) forwardTrampolines() error {
	made := map[string]*spec.CoreModule{} // by the module's bytes: one for each type
	var first []CoreInstance
	var forwarded []int // the functions, by the number of the instance
	for i, x := range l.p.Funcs {
		if x.Trampoline == canon.None {
			continue
		}
		if err := l.room(len(l.p.Instances)+len(first), -1, ""); err != nil {
			return err
		}
		m, err := forwarder(l.p.CoreTypes[x.Trampoline], made)
		if err != nil {
			return err
		}
		first = append(first, CoreInstance{
			Module:  l.module(m),
			Owner:   l.p.Canon.Trampolines[x.Trampoline].Instance,
			Imports: []CoreItem{x},
		})
		forwarded = append(forwarded, i)
	}
	l.renumber(func(n int) int { return n + len(first) })
	l.p.Instances = append(first, l.p.Instances...)
	for n, i := range forwarded {
		l.p.Funcs[i] = CoreItem{Trampoline: canon.None, Instance: n, Name: "f"}
	}
	return nil
}

// renumber gives all references to core instances new numbers.
func (l *linker) renumber(to func(int) int) {
	move := func(xs []CoreItem) {
		for i := range xs {
			if xs[i].Trampoline == canon.None {
				xs[i].Instance = to(xs[i].Instance)
			}
		}
	}
	for i := range l.p.Instances {
		move(l.p.Instances[i].Imports)
	}
	move(l.p.Funcs)
	move(l.p.Memories)
	move(l.p.Tables)
}

// forwarder returns the module for functions of type t, which it makes if it is the first.
func forwarder(t corewasm.FuncType, made map[string]*spec.CoreModule) (*spec.CoreModule, error) {
	b := forwarderBytes(t)
	if m := made[string(b)]; m != nil {
		return m, nil
	}
	if len(made) >= maxForwarders {
		return nil, fmt.Errorf("component lifts functions of the host of more than %d core types", maxForwarders)
	}
	info, err := corewasm.Parse(b)
	if err != nil {
		return nil, err
	}
	m := &spec.CoreModule{Bytes: b, Info: info}
	made[string(b)] = m
	return m, nil
}

// forwarderBytes makes a core module that exports a function "f" of the given type, which calls
// the module's one import.
func forwarderBytes(t corewasm.FuncType) []byte {
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
