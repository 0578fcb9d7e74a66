package wasmtime

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

func TestLimits(t *testing.T) {
	e := newEngine(t, Config{})
	big := `(module (memory (export "memory") 10) (table (export "table") 50 funcref)
	 (func (export "grow") (param i32) (result i32) (memory.grow (local.get 0)))
	 (func (export "growtable") (param i32) (result i32) (table.grow (ref.null func) (local.get 0))))`
	m := compile(t, e, big)
	for name, l := range map[string]StoreLimits{
		"memory": {MemoryBytes: 9 << 16}, "table": {TableElements: 49},
		"memories": {Memories: 0, Tables: 0, Instances: 0, MemoryBytes: 1},
	} {
		s := newStore(t, e, &fake{}, StoreConfig{Limits: l})
		if _, err := s.InstantiateWith(m, nil); err == nil {
			t.Error(name, "not limited")
		}
		if s.Dead() != nil {
			t.Error(name, "killed the store")
		}
	}
	s := newStore(t, e, &fake{}, StoreConfig{Limits: StoreLimits{MemoryBytes: 12 << 16, TableElements: 60, Instances: 2}})
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Fatal(err)
	}
	call := func(name string, arg uint32) int32 {
		x, err := s.Export(in, m, name)
		if err != nil {
			t.Fatal(err)
		}
		fn, err := s.AddFunc(x)
		if err != nil {
			t.Fatal(err)
		}
		s.Args().SetU32(0, arg)
		if err := s.Call(fn, 1); err != nil {
			t.Fatal(err)
		}
		return int32(s.Args().U32(0))
	}
	for _, c := range []struct {
		name string
		arg  uint32
		want int32
	}{{"grow", 3, -1}, {"grow", 2, 10}, {"grow", 1, -1}, {"growtable", 11, -1}, {"growtable", 10, 50}} {
		if got := call(c.name, c.arg); got != c.want {
			t.Error(c, got)
		}
	}
	if _, err := s.InstantiateWith(m, nil); err != nil {
		t.Error(err)
	}
	if _, err := s.InstantiateWith(m, nil); err == nil {
		t.Error("third instance")
	}
}

func TestPoolFull(t *testing.T) {
	e := newEngine(t, Config{Pool: &Pool{Memories: 2, Tables: 10, CoreInstances: 10, Stacks: 3}})
	if !e.Pooled() {
		skiptest.Lacking(t, e.PoolError())
	}
	m := compile(t, e, `(module (memory 1) (func (export "f")))`)
	var open []*Store
	for range 2 {
		s, err := e.NewStore(&fake{}, StoreConfig{})
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, s)
		if _, err := s.InstantiateWith(m, nil); err != nil {
			t.Fatal(err)
		}
	}
	s := newStore(t, e, &fake{}, StoreConfig{})
	if _, err := s.InstantiateWith(m, nil); !errors.Is(err, ErrPoolFull) {
		t.Error(err)
	}
	open[0].Close()
	in, err := s.InstantiateWith(m, nil)
	if err != nil {
		t.Error(err)
	}
	x, _ := s.Export(in, m, "f")
	fn, _ := s.AddFunc(x)

	// Three stacks: used, kept by the store, given back.
	var fs []*Fiber
	for range 3 {
		f, err := s.NewFiber()
		if err != nil {
			t.Fatal(err)
		}
		if o := f.Start(fn, false); o != Idle {
			t.Fatal(o, f.Err())
		}
		fs = append(fs, f)
	}
	if _, err := s.NewFiber(); !errors.Is(err, ErrNoStack) {
		t.Error(err)
	}
	if _, err := open[1].NewFiber(); !errors.Is(err, ErrNoStack) {
		t.Error(err)
	}
	fs[0].Close()
	if _, err := open[1].NewFiber(); !errors.Is(err, ErrNoStack) { // the store keeps it
		t.Error(err)
	}
	fs[1].Close()
	f, err := open[1].NewFiber()
	if err != nil {
		t.Fatal(err)
	}
	fs[2].Close()
	for range 2 { // refused, and the fiber is none the worse
		if o := f.InstantiateWith(m, nil); o != Refused || !errors.Is(f.Err(), ErrPoolFull) {
			t.Error(o, f.Err())
		}
	}
	s.Close()
	if o := f.InstantiateWith(m, nil); o != Idle {
		t.Error(o, f.Err())
	}
	f.Close()
	open[1].Close()
}
