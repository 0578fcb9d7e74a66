package componentize

import (
	"encoding/binary"

	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/internal/corewasm"
)

// initialize is what modules that are no programs export, to be called before all else.
const initialize = "_initialize"

// addStart has the module initialised when it is instantiated.
func (m *maker) addStart() error {
	x, ok := m.info.Export(initialize)
	if !ok || x.Type.Kind != corewasm.Func || m.starts {
		return nil
	}
	if len(x.Type.Func.Params)+len(x.Type.Func.Results) > 0 {
		return fail("core export %q should be a function without parameters and results, it is one of type %s", initialize, *x.Type.Func)
	}
	return m.addExtra(callerOf(initialize, false))
}

// addVoid adds a function that calls an export of the module and returns 0.
func (m *maker) addVoid(core string) (name string, extra int, err error) {
	m.starts = true // what it calls initialises the module
	err = m.addExtra(callerOf(core, true))
	return resultExport, len(m.body.Extra), err
}

func (m *maker) addExtra(wasm []byte) error {
	info, err := corewasm.Parse(wasm)
	if err != nil {
		return err
	}
	m.body.Extra = append(m.body.Extra, &spec.CoreModule{Bytes: wasm, Info: info})
	return nil
}

// resultExport is the export of the modules of callerOf with a result.
const resultExport = "f"

// callerOf makes a core module that imports a function and calls it: in its start function, or,
// with a result, in an export that returns 0.
func callerOf(core string, result bool) []byte {
	m := []byte("\x00asm\x01\x00\x00\x00")
	section := func(id byte, b []byte) {
		m = binary.AppendUvarint(append(m, id), uint64(len(b)))
		m = append(m, b...)
	}
	name := append(binary.AppendUvarint(nil, uint64(len(core))), core...)
	const (
		typeSection, importSection, funcSection, exportSection, startSection, codeSection = 1, 2, 3, 7, 8, 10
		i32                                                                               = byte(corewasm.I32)
	)
	section(typeSection, []byte{2, 0x60, 0, 0, 0x60, 0, 1, i32}) // () -> (), () -> i32
	section(importSection, append(append([]byte{1, 0}, name...), 0, 0))
	if !result {
		section(startSection, []byte{0})
		return m
	}
	section(funcSection, []byte{1, 1})
	section(exportSection, []byte{1, 1, resultExport[0], 0, 1})
	section(codeSection, []byte{1, 6, 0, 0x10, 0, 0x41, 0, 0x0b}) // no locals; call 0; i32.const 0; end
	return m
}
