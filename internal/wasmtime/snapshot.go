package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"sync/atomic"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Snapshot is what the memories and globals of a store hold that are registered in it. Other
// stores that were made in the same way can be given it back.
//
// Of memories it knows only those pages that a Reset has missed before: most are never written.
// It is safe for concurrent use.
type Snapshot struct {
	memories []image
	globals  []uint64
	missed   atomic.Bool // a page is missed
}

// image is the content of a memory.
type image struct {
	size  int
	pages []atomic.Pointer[page] // nil as long as nobody has asked for it
}

// pageSize is that of the system's pages, which are the unit of a reset.
const pageSize = 4096

type page [pageSize]byte

// Pages that are not kept for one place: one of zeros, and one that somebody has missed.
var zeroPage, missedPage page

// AddGlobal registers a mutable global that is a number, for Snapshot and Reset.
func (s *Store) AddGlobal(x Extern) error {
	if err := s.own(x, corewasm.Global); err != nil {
		return err
	}
	if t := x.typ.Global; !t.Mutable || !t.Type.Numeric() || t.Type == corewasm.V128 {
		return fmt.Errorf("wasmtime: a global of type %s cannot be reset", t.Type)
	}
	g := *(*C.wasmtime_global_t)(unsafe.Pointer(&x.c.of))
	if !C.spin_add_global(s.c, &g) {
		return ErrNoMemory
	}
	return nil
}

// Snapshot begins a snapshot with a store of which no guest code has run yet.
func (s *Store) Snapshot() (*Snapshot, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	snap := &Snapshot{globals: make([]uint64, s.c.nglobals)}
	for i := range s.views {
		n := len(s.Renew(i))
		snap.memories = append(snap.memories, image{n, make([]atomic.Pointer[page], (n+pageSize-1)/pageSize)})
	}
	if !s.globals(snap.globals, false) {
		return nil, ErrBusy
	}
	return snap, nil
}

// Learn copies the pages that were missed from a store that is as the one was with which the
// snapshot began.
func (snap *Snapshot) Learn(s *Store) error {
	if err := s.usable(); err != nil {
		return err
	}
	if !snap.missed.Swap(false) {
		return nil
	}
	for i := range snap.memories {
		img := &snap.memories[i]
		mem := s.Renew(i)
		if len(mem) != img.size {
			return nil
		}
		for k := range img.pages {
			if img.pages[k].Load() == &missedPage {
				img.pages[k].Store(copyPage(img.part(mem, k)))
			}
		}
	}
	return nil
}

func copyPage(p []byte) *page {
	if bytes.Equal(p, zeroPage[:len(p)]) {
		return &zeroPage
	}
	c := new(page)
	copy(c[:], p)
	return c
}

// part is page k of mem.
func (img *image) part(mem []byte, k int) []byte {
	return mem[k*pageSize : min((k+1)*pageSize, len(mem))]
}

func (s *Store) globals(bits []uint64, set bool) bool {
	return bool(C.spin_globals(s.c, (*C.uint64_t)(unsafe.SliceData(bits)), C.bool(set)))
}

// written is what a store knows of the pages of its memories that may have been written.
type written struct {
	pages  [][]int32 // of each memory; nil before they were looked for
	faults int64     // of the process, just before that
	steady bool      // none comes to be writable without a fault
}

// Reset gives the memories and globals back what they held, and tells how many pages that took:
// those that pm says may have been written since the store was made, at most maxPages. It reports
// whether that was possible: not if a memory has grown, if the snapshot does not know a page, if
// guest code is still on a stack or if the guest has trapped. Then the store is of no more use.
func (s *Store) Reset(snap *Snapshot, pm *Pagemap, maxPages int) (pages int, ok bool) {
	if s.usable() != nil || s.c.depth > 0 || len(snap.memories) != len(s.views) || len(snap.globals) != int(s.c.nglobals) {
		return 0, false
	}
	for _, f := range s.fibers {
		if f != nil && f.state != idle {
			return 0, false
		}
	}
	for i := range snap.memories {
		if len(s.Renew(i)) != snap.memories[i].size {
			return 0, false
		}
	}
	if pages, ok = s.look(pm, maxPages); !ok {
		return 0, false
	}
	for i := range snap.memories {
		if !snap.restore(i, s.views[i], s.written.pages[i]) {
			return 0, false
		}
	}
	s.cause = nil
	return pages, s.globals(snap.globals, true)
}

// look finds out which pages may have been written, at most limit. They are those of last time if
// the process has had no page fault since: asking the kernel for each page of a large program takes
// longer than what many a guest does.
func (s *Store) look(pm *Pagemap, limit int) (pages int, ok bool) {
	w := &s.written
	if w.pages == nil {
		w.pages, w.steady = make([][]int32, len(s.views)), true
		for _, mem := range s.views {
			w.steady = w.steady && pm.steady(mem)
		}
	}
	faults := pm.faults()
	known := w.steady && faults == w.faults && faults > 0
	w.faults = faults
	for i, mem := range s.views {
		if !known {
			if w.pages[i], ok = pm.written(mem, w.pages[i][:0], limit-pages); !ok {
				return 0, false
			}
		}
		pages += len(w.pages[i])
	}
	return pages, pages <= limit
}

// restore restores pages of mem, which is memory i, or notes which it misses.
func (snap *Snapshot) restore(i int, mem []byte, pages []int32) (ok bool) {
	img := &snap.memories[i]
	missed := false
	for _, k := range pages {
		want := img.pages[k].Load()
		if want == nil {
			img.pages[k].CompareAndSwap(nil, &missedPage)
			want = img.pages[k].Load()
		}
		if want == &missedPage {
			missed = true
		} else if p := img.part(mem, int(k)); !missed && !bytes.Equal(p, want[:len(p)]) {
			copy(p, want[:])
		}
	}
	if missed {
		snap.missed.Store(true)
	}
	return !missed
}
