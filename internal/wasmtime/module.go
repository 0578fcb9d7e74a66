package wasmtime

/*
#include <stdlib.h>
#include "spin.h"
*/
import "C"

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Module is a compiled core module. It is safe for concurrent use.
type Module struct {
	refs
	e    *Engine
	c    *C.wasmtime_module_t
	info *corewasm.Module
}

// Info is the outside of the module; its Names are nil. It must not be changed.
func (m *Module) Info() *corewasm.Module { return m.info }

// Close gives the module up. What was made of it lives on.
func (m *Module) Close() { m.close() }

// Source is a core module to be compiled.
type Source struct {
	Wasm []byte
	Info *corewasm.Module // what Parse makes of Wasm; nil if that is still to be done

	// Exports are added to those of the module.
	Exports []corewasm.Export

	// Resettable notes that corewasm.Resettable has accepted the module. Code is
	// kept in a cache together with that, so that it need not be asked again.
	Resettable bool

	// Check, unless nil, is called before the compiler gets to see the module. Its
	// error is that of compiling. Code from a cache is not checked again.
	Check func() error

	digest *[sha256.Size]byte // of Wasm, once it is known
}

// Sum has the digest of the module computed that a Cache needs, for this source and copies of it.
func (s *Source) Sum() {
	if s.digest == nil {
		sum := sha256.Sum256(s.Wasm)
		s.digest = &sum
	}
}

// Compile compiles a module. ctx bounds the wait for earlier compilations;
// once begun, a compilation runs to its end.
func (e *Engine) Compile(ctx context.Context, src Source) (*Module, error) {
	info, err := e.inspect(src)
	if err != nil {
		return nil, err
	}
	done, err := e.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	return e.compileNow(src, info)
}

// Validate checks a module that is not to be compiled (core specification,
// "Validation"). It waits for its turn as Compile does.
func (e *Engine) Validate(ctx context.Context, wasm []byte) error {
	done, err := e.turn(ctx)
	if err != nil {
		return err
	}
	defer done()
	return e.validateNow(wasm)
}

// validateNow validates a module, which takes a hundredth of the time for compiling it.
func (e *Engine) validateNow(wasm []byte) error {
	if !e.acquire() {
		return ErrClosed
	}
	defer e.release()
	if er := C.wasmtime_module_validate(e.c, (*C.uint8_t)(unsafe.SliceData(wasm)), C.size_t(len(wasm))); er != nil {
		return fmt.Errorf("wasmtime: validate: %w", takeError(er))
	}
	return nil
}

// inspect checks what must be known before the compiler sees a module.
func (e *Engine) inspect(src Source) (*corewasm.Module, error) {
	info := src.Info
	if info == nil {
		var err error
		if info, err = corewasm.Parse(src.Wasm); err != nil {
			return nil, fmt.Errorf("wasmtime: %w", err)
		}
	}
	if info.CodeBytes > uint64(e.cfg.MaxCode) {
		return nil, fmt.Errorf("wasmtime: module has %d bytes of code, at most %d are allowed", info.CodeBytes, e.cfg.MaxCode)
	}
	if info.NumFuncs > uint32(min(e.cfg.MaxFunctions, 1<<30)) {
		return nil, fmt.Errorf("wasmtime: module has %d functions, at most %d are allowed", info.NumFuncs, e.cfg.MaxFunctions)
	}
	for _, t := range info.Tables { // wasmtime aborts on tables larger than the address space
		if t.Min > maxTableMin {
			return nil, fmt.Errorf("wasmtime: module has a table of %d elements, at most %d are allowed", t.Min, maxTableMin)
		}
	}
	with, err := info.WithExports(src.Exports)
	if err != nil {
		return nil, fmt.Errorf("wasmtime: %w", err)
	}
	own := *with
	own.Names = nil // they would keep the whole binary alive
	if e.cfg.Exceptions && !own.Collected {
		if own.Collected, err = corewasm.KeepsExceptions(src.Wasm, info); err != nil {
			return nil, fmt.Errorf("wasmtime: %w", err)
		}
	}
	return &own, nil
}

func (e *Engine) compileNow(src Source, info *corewasm.Module) (*Module, error) {
	if src.Check != nil {
		if err := src.Check(); err != nil {
			return nil, err
		}
	}
	wasm, err := corewasm.AddExports(src.Wasm, src.Exports)
	if err != nil {
		return nil, fmt.Errorf("wasmtime: %w", err)
	}
	if err := e.validateNow(wasm); err != nil { // before any of its functions is compiled
		return nil, err
	}
	return e.module(info, func(c **C.wasmtime_module_t) *C.wasmtime_error_t {
		return C.wasmtime_module_new(e.c, (*C.uint8_t)(unsafe.SliceData(wasm)), C.size_t(len(wasm)), c)
	})
}

// load maps compiled code. The file must be one that this engine wrote.
func (e *Engine) load(path string, info *corewasm.Module) (*Module, error) {
	p := C.CString(path)
	defer C.free(unsafe.Pointer(p))
	return e.module(info, func(c **C.wasmtime_module_t) *C.wasmtime_error_t {
		return C.wasmtime_module_deserialize_file(e.c, p, c)
	})
}

func (e *Engine) module(info *corewasm.Module, get func(**C.wasmtime_module_t) *C.wasmtime_error_t) (*Module, error) {
	if !e.acquire() {
		return nil, ErrClosed
	}
	var c *C.wasmtime_module_t
	if er := get(&c); er != nil {
		e.release()
		return nil, fmt.Errorf("wasmtime: compile: %w", takeError(er))
	}
	m := &Module{e: e, c: c, info: info}
	m.init(func() {
		C.wasmtime_module_delete(m.c)
		e.release()
	})
	return m, nil
}

// serialize gives the compiled code to f; the bytes are gone afterwards.
func (m *Module) serialize(f func(code []byte) error) error {
	if !m.acquire() {
		return ErrClosed
	}
	defer m.release()
	var v C.wasm_byte_vec_t
	if er := C.wasmtime_module_serialize(m.c, &v); er != nil {
		return takeError(er)
	}
	defer C.wasm_byte_vec_delete(&v)
	return f(unsafe.Slice((*byte)(unsafe.Pointer(v.data)), int(v.size)))
}

// InstancePre is a module whose imports are all host functions and are resolved:
// the fastest way to instances. It is safe for concurrent use.
type InstancePre struct {
	refs
	m *Module
	c *C.wasmtime_instance_pre_t
}

// Module is the module that was prelinked.
func (p *InstancePre) Module() *Module { return p.m }

// Close gives p up. Instances made of it live on.
func (p *InstancePre) Close() { p.close() }

// Prelink resolves the imports of a module, in their order, with host functions.
// Types must be those that the module states.
func (e *Engine) Prelink(m *Module, imports []HostFunc) (*InstancePre, error) {
	if m.e != e {
		return nil, ErrForeign
	}
	if !m.acquire() {
		return nil, ErrClosed
	}
	l := C.wasmtime_linker_new(e.c)
	defer C.wasmtime_linker_delete(l)
	p := &InstancePre{m: m}
	err := defineImports(l, m.info, imports)
	if err == nil {
		if er := C.wasmtime_linker_instantiate_pre(l, m.c, &p.c); er != nil {
			err = takeError(er)
		}
	}
	if err != nil {
		m.release()
		return nil, fmt.Errorf("wasmtime: prelink: %w", err)
	}
	p.init(func() {
		C.wasmtime_instance_pre_delete(p.c)
		m.release()
	})
	return p, nil
}

func defineImports(l *C.wasmtime_linker_t, info *corewasm.Module, imports []HostFunc) error {
	if len(imports) != len(info.Imports) {
		return fmt.Errorf("module has %d imports, not %d", len(info.Imports), len(imports))
	}
	type name struct{ module, name string }
	seen := make(map[name]int, len(imports))
	for i, im := range info.Imports {
		h := imports[i]
		if im.Type.Kind != corewasm.Func || !im.Type.Func.Equal(h.Type) {
			return fmt.Errorf("import %q %q is a %v, not a function %v", im.Module, im.Name, im.Type, h.Type)
		}
		if err := h.check(); err != nil {
			return err
		}
		n := name{im.Module, im.Name}
		if j, ok := seen[n]; ok {
			if g := imports[j]; g.Op == h.Op && g.Kind == h.Kind && g.Type.Equal(h.Type) {
				continue
			}
			return fmt.Errorf("%w: %q %q", errTwice, im.Module, im.Name)
		}
		seen[n] = i
		if er := defineImport(l, im, h); er != nil {
			return takeError(er)
		}
	}
	return nil
}

var errTwice = errors.New("import occurs twice and would need two host functions")

func defineImport(l *C.wasmtime_linker_t, im corewasm.Import, h HostFunc) *C.wasmtime_error_t {
	pp, np := typeBytes(h.Type.Params)
	rp, nr := typeBytes(h.Type.Results)
	mod, modLen := chars(im.Module)
	name, nameLen := chars(im.Name)
	return C.spin_define(l, mod, modLen, name, nameLen, pp, np, rp, nr, C.int32_t(h.Kind), C.uint32_t(h.Op))
}

func chars(s string) (*C.char, C.size_t) {
	return (*C.char)(unsafe.Pointer(unsafe.StringData(s))), C.size_t(len(s))
}
