package wasmtime

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

// resettable returns how to make stores with a memory of 4 pages, "abc" at 8192 and zeros else, and
// what tells which pages of it were written.
func resettable(t *testing.T) (fresh func() *Store, pm *Pagemap) {
	pm, err := OpenPagemap()
	if err != nil {
		skiptest.Lacking(t, "pages that were written cannot be told: ", err)
	}
	t.Cleanup(func() { pm.Close() })
	e := newEngine(t, Config{Pool: smallPool})
	m := compile(t, e, `(module (memory (export "m") 4) (data (i32.const 8192) "abc") (global (export "g") (mut i32) (i32.const 7)))`)
	return func() *Store {
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
	}, pm
}

// A snapshot is asked for pages that it does not know, learns them from the next store, and then
// can restore them, in that order.
func TestSnapshotLearns(t *testing.T) {
	fresh, pm := resettable(t)
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

// A store is restored as often as one likes, whether pages were written for the first time or
// again, on this thread or another.
func TestResetAgain(t *testing.T) {
	fresh, pm := resettable(t)
	first := fresh()
	want := bytes.Clone(first.Renew(0))
	snap, err := first.Snapshot()
	if err != nil {
		t.Fatal(err)
	}
	all := fresh()
	for n := 0; n < len(want); n += pageSize {
		all.Renew(0)[n] = 'x'
	}
	if _, ok := all.Reset(snap, pm, len(want)); ok {
		t.Fatal("restored pages that the snapshot does not know")
	}
	if err := snap.Learn(fresh()); err != nil {
		t.Fatal(err)
	}

	s := fresh()
	rnd := rand.New(rand.NewPCG(1, 2))
	written := map[int]bool{}
	for round := range 300 {
		done := make(chan struct{})
		go func() {
			defer close(done)
			if round%2 == 0 {
				runtime.LockOSThread() // a thread that ends
			}
			mem := s.Renew(0)
			for range rnd.IntN(3) {
				n := rnd.IntN(min(len(mem), (round/4+1)*pageSize))
				mem[n]++
				written[n/pageSize] = true
			}
		}()
		<-done
		if n, ok := s.Reset(snap, pm, len(want)); !ok || n != len(written) {
			t.Fatalf("round %d: restored %d pages, %t; want %d", round, n, ok, len(written))
		}
		for k := range written { // pages that are read would count as written
			if at := k * pageSize; !bytes.Equal(s.Renew(0)[at:at+pageSize], want[at:at+pageSize]) {
				t.Fatalf("round %d: page %d not restored", round, k)
			}
		}
	}
	if !bytes.Equal(s.Renew(0), want) {
		t.Error("a page was written that nobody knows of")
	}
}
