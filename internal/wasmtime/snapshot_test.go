package wasmtime

import (
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

// A snapshot is asked for pages that it does not know, learns them from the next store, and then
// can restore them, in that order.
func TestSnapshotLearns(t *testing.T) {
	pm, err := OpenPagemap()
	if err != nil {
		skiptest.Lacking(t, "pages that were written cannot be told: ", err)
	}
	defer pm.Close()
	e := newEngine(t, Config{Pool: smallPool})
	m := compile(t, e, `(module (memory (export "m") 4) (data (i32.const 8192) "abc") (global (export "g") (mut i32) (i32.const 7)))`)
	fresh := func() *Store {
		s := newStore(t, e, new(fake), StoreConfig{})
		in, err := s.InstantiateWith(m, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"m", "g"} {
			x, err := s.Export(in, m, name)
			if err == nil && name == "m" {
				_, err = s.AddMemory(x)
			} else if err == nil {
				err = s.AddGlobal(x)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		return s
	}
	snap, err := fresh().Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	write := func(s *Store, at ...int) *Store {
		for _, n := range at {
			s.Renew(0)[n] = 'x'
		}
		return s
	}
	reset := func(s *Store, pages int, want bool) {
		t.Helper()
		if n, ok := s.Reset(snap, pm, 3); ok != want || n != pages {
			t.Fatalf("restored %d pages, %t; want %d, %t", n, ok, pages, want)
		}
		if mem := s.Renew(0); want && (string(mem[8192:8195]) != "abc" || mem[0] != 0 || mem[8195] != 0 || mem[4*65536-1] != 0) {
			t.Errorf("not restored: %q", mem[8190:8200])
		}
	}
	learn := func() {
		t.Helper()
		if err := snap.Learn(fresh()); err != nil {
			t.Fatal(err)
		}
	}
	reset(fresh(), 0, true) // nothing was written
	reset(write(fresh(), 8193), 0, false)
	reset(write(fresh(), 8193), 0, false) // nobody has told it yet
	learn()
	reset(write(fresh(), 8193, 8195), 1, true)
	reset(write(fresh(), 8193, 0, 4*65536-1), 0, false)
	learn()
	s := write(fresh(), 8193, 0, 4*65536-1)
	reset(s, 3, true)
	reset(write(s, 8193), 3, true) // what was once written may have been again
	reset(write(s, 4096), 0, false)
	reset(write(fresh(), 0, 4096, 8192, 4*65536-1), 0, false) // more than may be
}
