package wasmtime

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/internal/corewasm"
)

// Functions are looked up in tables by index, and refused if they have another type.
func TestTableFunc(t *testing.T) {
	e := newEngine(t, Config{})
	m := compile(t, e, `(module
	 (table (export "t") 8 funcref) (table (export "x") 1 externref) (global $g (mut i64) (i64.const 0))
	 (memory (export "memory") 1)
	 (func $narrow (param i32) (i32.store (i32.const 0) (local.get 0)))
	 (func $wide (param i64) (i64.store (i32.const 8) (local.get 0)))
	 (func $result (param i32) (result i32) (local.get 0)) (func $none) (func $two (param i32 i32))
	 (func $ref (param funcref)) (func $vector (param v128))
	 (elem (table 0) (i32.const 0) func $narrow $wide $result $none $two $ref $vector)
	 (func (export "swap") (table.set 0 (i32.const 7) (ref.func $narrow))))`)
	s := newStore(t, e, &fake{}, StoreConfig{})
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	export := func(name string) Extern {
		x, err := s.Export(in, m, name)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	table := export("t")
	for _, tt := range []struct {
		index uint64
		param corewasm.ValType
		want  error
	}{
		{0, corewasm.I32, nil}, {0, corewasm.I64, ErrFuncType}, {1, corewasm.I64, nil}, {1, corewasm.I32, ErrFuncType},
		{2, corewasm.I32, ErrFuncType}, {3, corewasm.I32, ErrFuncType}, {4, corewasm.I32, ErrFuncType},
		{5, corewasm.I32, ErrFuncType}, {6, corewasm.I32, ErrFuncType}, {7, corewasm.I32, ErrNullFunc},
		{8, corewasm.I32, ErrTableIndex}, {1 << 32, corewasm.I32, ErrTableIndex}, {1<<64 - 1, corewasm.I32, ErrTableIndex},
	} {
		if _, err := s.TableFunc(table, tt.index, tt.param); !errors.Is(err, tt.want) {
			t.Errorf("element %d as a function of %v: %v, want %v", tt.index, tt.param, err, tt.want)
		}
	}
	mem, err := s.AddMemory(export("memory"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	narrow, _ := s.TableFunc(table, 0, corewasm.I32)
	f.Slots()[0][0] = 0x1234
	if out := f.Start(narrow, false); out != Idle || s.Memory(mem)[0] != 0x34 || s.Memory(mem)[1] != 0x12 {
		t.Error(out, f.Err(), s.Memory(mem)[:4])
	}
	swap, err := s.AddFunc(export("swap"))
	if err == nil {
		err = s.Call(swap, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.TableFunc(table, 7, corewasm.I32); err != nil || again != narrow {
		t.Errorf("the same function elsewhere is %d, not %d (%v)", again, narrow, err)
	}
	for _, bad := range []Extern{export("x"), export("swap"), {}} {
		if _, err := s.TableFunc(bad, 0, corewasm.I32); err == nil {
			t.Errorf("a function was found in %v", bad.Type())
		}
	}
	if _, err := s.TableFunc(table, 0, corewasm.F64); err == nil {
		t.Error("a function of f64 was found")
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

// Where the collector may run, which fibers of a store cannot share, there are no such functions.
func TestTableFuncStrict(t *testing.T) {
	e := newEngine(t, Config{GC: true})
	m := compile(t, e, `(module (table (export "t") 1 funcref) (func $f (param (ref null struct))) (elem (i32.const 0) func $f))`)
	s := newStore(t, e, &fake{}, StoreConfig{})
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	x, err := s.Export(in, m, "t")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.TableFunc(x, 0, corewasm.I32); !errors.Is(err, ErrStrict) {
		t.Error(err)
	}
}

// wasmtime ends the process when it is asked for the types of unusual references.
func TestTableFuncTypedRefs(t *testing.T) {
	e := newEngine(t, Config{GC: true})
	for _, param := range []string{"(ref func)", "(ref null $t)", "(ref extern)", "structref", "i31ref"} {
		m := compile(t, e, `(module (type $t (func)) (table (export "t") 1 funcref)
		 (func $f (param `+param+`)) (elem (i32.const 0) func $f))`)
		s := newStore(t, e, &fake{}, StoreConfig{NoCollector: true})
		in, err := s.InstantiateWith(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		x, err := s.Export(in, m, "t")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.TableFunc(x, 0, corewasm.I32); !errors.Is(err, ErrTypedRefs) {
			t.Errorf("%s: %v", param, err)
		}
	}
}
