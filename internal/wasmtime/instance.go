package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Instance is an instance in a store. It lives as long as the store.
type Instance struct {
	store *Store
	c     C.wasmtime_instance_t
}

// Extern is something that can be given for an import: an item of a store, or a
// host function.
type Extern struct {
	store *Store
	typ   *corewasm.ExternType
	host  *hostDef // a host function, which C makes when it is needed
	err   error    // why HostFunc could not make one
	c     C.wasmtime_extern_t
}

// Type is the type that the item was exported with.
func (x Extern) Type() corewasm.ExternType {
	if x.typ == nil {
		return corewasm.ExternType{}
	}
	return *x.typ
}

// HostFunc makes a host function that can be given to InstantiateWith. What is
// wrong with h, such as references among its values, is told there. It is
// cheap after the first time in an engine.
func (s *Store) HostFunc(h HostFunc) Extern {
	d, err := s.e.hostDef(h)
	if err != nil {
		return Extern{store: s, err: err}
	}
	return Extern{store: s, host: d, typ: &d.typ}
}

// Export finds an export of an instance of m.
func (s *Store) Export(in Instance, m *Module, name string) (Extern, error) {
	if s.closed {
		return Extern{}, ErrClosed
	}
	if in.store != s || m.e != s.e {
		return Extern{}, ErrForeign
	}
	n, ok := m.info.ExportIndex(name)
	if !ok {
		return Extern{}, fmt.Errorf("wasmtime: module has no export %q", name)
	}
	x := Extern{store: s, typ: &m.info.Exports[n].Type}
	if x.typ.Kind == corewasm.Memory && x.typ.Memory.Shared {
		return Extern{}, fmt.Errorf("wasmtime: export %q is a shared memory", name)
	}
	p, l := chars(name)
	if !C.spin_export(s.c, &in.c, p, l, &x.c) || int(x.c.kind) != externKind[x.typ.Kind] {
		return Extern{}, fmt.Errorf("wasmtime: the instance has no export %q of that kind; it is of another module", name)
	}
	return x, nil
}

// externKind is wasmtime's number for each kind.
var externKind = [...]int{corewasm.Func: 0, corewasm.Global: 1, corewasm.Table: 2, corewasm.Memory: 3, corewasm.Tag: 5}

// Instantiate makes an instance. A start function runs on the thread's own
// stack, within StoreConfig.OffFiberTicks; Fiber.Instantiate runs it on a fiber.
func (s *Store) Instantiate(p *InstancePre) (Instance, error) {
	if err := s.usable(); err != nil {
		return Instance{}, err
	}
	if err := s.accepts(p.m); err != nil {
		return Instance{}, err
	}
	if s.inside != nil {
		return Instance{}, ErrStrict
	}
	if !p.acquire() {
		return Instance{}, ErrClosed
	}
	defer p.release()
	return s.instantiated(C.spin_instantiate(s.c, p.c, nil, 0, C.bool(p.m.info.HasStart)))
}

// InstantiateWith makes an instance of m with the given imports, in m's order.
// wasmtime checks their types. Start functions run as in Instantiate.
func (s *Store) InstantiateWith(m *Module, imports []Extern) (Instance, error) {
	if err := s.resolve(m, imports); err != nil {
		return Instance{}, err
	}
	if !m.acquire() {
		return Instance{}, ErrClosed
	}
	defer m.release()
	return s.instantiated(C.spin_instantiate(s.c, nil, m.c, C.size_t(len(imports)), C.bool(m.info.HasStart)))
}

func (s *Store) instantiated(rc C.int) (Instance, error) {
	switch rc {
	case C.SPIN_IDLE:
		return Instance{s, s.c.instance}, nil
	case C.SPIN_TRAPPED:
		return Instance{}, s.instantiateError(&s.c.trap, &s.c.err, s.takeCause(), bool(s.c.interrupted))
	}
	return Instance{}, refusal(rc)
}

// instantiateError tells a start function that trapped, or a segment that did
// not fit, from an instantiation that was refused: that leaves the store as it was.
func (s *Store) instantiateError(t **C.wasm_trap_t, e **C.wasmtime_error_t, cause error, interrupted bool) error {
	trap := takeTrap(t, e, cause, interrupted)
	if trap.Code == TrapUnknown && len(trap.Frames) == 0 {
		if strings.Contains(trap.Msg, "maximum concurrent") {
			return fmt.Errorf("%w: %s", ErrPoolFull, trap.Msg)
		}
		return fmt.Errorf("wasmtime: instantiate: %s", trap.Msg)
	}
	s.die(trap)
	return trap
}

// accepts checks that instances of m may be in the store.
func (s *Store) accepts(m *Module) error {
	switch {
	case m.e != s.e:
		return ErrForeign
	case s.noCollector && m.info.Collected:
		return ErrCollected
	}
	s.typedRefs = s.typedRefs || m.info.TypedRefs
	return nil
}

// resolve hands the imports to C.
func (s *Store) resolve(m *Module, imports []Extern) error {
	if err := s.usable(); err != nil {
		return err
	}
	if err := s.accepts(m); err != nil {
		return err
	}
	if s.inside != nil {
		return ErrStrict
	}
	if len(imports) != len(m.info.Imports) {
		return fmt.Errorf("wasmtime: module has %d imports, not %d", len(m.info.Imports), len(imports))
	}
	if !C.spin_reserve_imports(s.c, C.size_t(len(imports))) {
		return ErrNoMemory
	}
	to := unsafe.Slice(s.c.imports, len(imports))
	for i, x := range imports {
		switch {
		case x.store != s:
			return ErrForeign
		case x.err != nil:
			return fmt.Errorf("import %q %q: %w", m.info.Imports[i].Module, m.info.Imports[i].Name, x.err)
		case x.host != nil:
			to[i] = C.spin_import{host: true, id: C.uint32_t(x.host.id)}
		default:
			to[i] = C.spin_import{ext: x.c}
		}
	}
	s.e.hostMu.RLock()
	defer s.e.hostMu.RUnlock()
	if !C.spin_resolve(s.c, s.e.hosts, C.size_t(len(imports))) {
		return ErrBusy
	}
	return nil
}
