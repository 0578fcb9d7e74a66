package corewasm

import (
	"errors"
	"fmt"
)

// ErrNotResettable is wrapped by the errors of Resettable that say what of a
// module's state could not be restored.
var ErrNotResettable = errors.New("core module cannot be reset")

// Resettable reports whether the code of a module can change no state but
// linear memory and mutable globals of type i32, i64, f32 and f64, so that
// writing back both makes an instance as it was after its instantiation: those
// globals that MutableGlobals lists, under the names that they have after
// AddExports of HiddenGlobals.
//
// Otherwise the error wraps ErrNotResettable and says why, or is an *Error if
// the code is malformed. What it cannot judge, such as an unknown instruction,
// counts as not resettable. It knows only this module: memories and globals
// that it imports are to be restored with the instance that defines them, and
// other modules that share its tables, memories and globals must be resettable
// too. A memory that memory.grow has made larger does not become smaller by
// writing back: compare sizes.
//
// m is the result of Parse for the same bytes. The code need not be valid: the
// time is linear in its size.
func Resettable(wasm []byte, m *Module) (err error) {
	defer catch(&err)
	if err := resettableOutside(m); err != nil {
		return err
	}
	for f, body := range m.bodies(wasm) {
		if err := resettableBody(body, f); err != nil {
			return err
		}
	}
	return nil
}

func notResettable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrNotResettable, fmt.Sprintf(format, args...))
}

// resettableOutside judges what a module declares.
func resettableOutside(m *Module) error {
	switch {
	case m.HasStart:
		return notResettable("it has a start function")
	case m.NumTags > 0:
		return notResettable("it has exception tags")
	}
	for _, i := range m.Imports {
		switch i.Type.Kind {
		case Memory:
			if i.Type.Memory.Shared {
				return notResettable("imported memory %q %q is shared", i.Module, i.Name)
			}
		case Global:
			if !restorable(i.Type.Global) {
				return notResettable("imported global %q %q is a mutable %s", i.Module, i.Name, i.Type.Global.Type)
			}
		}
	}
	for i, l := range m.Memories {
		if l.Shared {
			return notResettable("memory %d of its own is shared", i)
		}
	}
	for i, g := range m.Globals {
		if !restorable(g) {
			return notResettable("global %d is a mutable %s", m.NumImportedGlobals+uint32(i), g.Type)
		}
	}
	return nil
}

// restorable reports whether a global never changes or is a plain number.
func restorable(g GlobalType) bool {
	return !g.Mutable || g.Type.Numeric() && g.Type != V128
}

// resettableBody walks the instructions of function f up to the end of r.
func resettableBody(r *reader, f uint32) error {
	r.locals()
	var last byte
	for r.left() > 0 {
		at := r.pos
		i := r.instruction()
		if !r.skipImmediates(i.kind) {
			return notResettable("function %d uses %s (at byte %#x)", f, i, at)
		}
		last = i.op
	}
	if last != opEnd {
		r.fail("function %d does not end", f)
	}
	return nil
}
