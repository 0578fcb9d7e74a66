package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Snapshot is what the memories and globals of a store hold that are registered in it. Other
// stores that were made in the same way can be given it back.
type Snapshot struct {
	memories []image
	globals  []uint64
}

// image is the content of a memory by pages; nil is a page of zeros.
type image struct {
	size  int
	pages [][]byte
}

// pageSize is that of the system's pages, which are the unit of a reset.
const pageSize = 4096

var zeros [pageSize]byte

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

// Snapshot copies the registered memories and globals. It reads all of each memory, which takes
// about as long as to copy it.
func (s *Store) Snapshot() (*Snapshot, error) {
	if err := s.usable(); err != nil {
		return nil, err
	}
	snap := &Snapshot{globals: make([]uint64, s.c.nglobals)}
	for i := range s.views {
		mem := s.Renew(i)
		img := image{size: len(mem), pages: make([][]byte, (len(mem)+pageSize-1)/pageSize)}
		for k := range img.pages {
			if p := mem[k*pageSize : min((k+1)*pageSize, len(mem))]; !bytes.Equal(p, zeros[:len(p)]) {
				img.pages[k] = bytes.Clone(p)
			}
		}
		snap.memories = append(snap.memories, img)
	}
	if !s.globals(snap.globals, false) {
		return nil, ErrBusy
	}
	return snap, nil
}

func (s *Store) globals(bits []uint64, set bool) bool {
	return bool(C.spin_globals(s.c, (*C.uint64_t)(unsafe.SliceData(bits)), C.bool(set)))
}

// Reset gives the memories and globals back what they held. Of memories it restores the pages
// that pm says may have been written since the store was made, up to maxPages of them. It
// reports whether that was possible: not if a memory has grown, guest code is still on a stack
// or the guest has trapped. Then the store is as good as before, but not reset.
func (s *Store) Reset(snap *Snapshot, pm *Pagemap, maxPages int) bool {
	if s.usable() != nil || s.c.depth > 0 || len(snap.memories) != len(s.views) || len(snap.globals) != int(s.c.nglobals) {
		return false
	}
	for _, f := range s.fibers {
		if f != nil && f.state != idle {
			return false
		}
	}
	for i, img := range snap.memories {
		if mem := s.Renew(i); len(mem) != img.size || !img.restore(mem, pm, &maxPages) {
			return false
		}
	}
	s.cause = nil
	return s.globals(snap.globals, true)
}

// restore restores the pages of mem that may have been written.
func (img *image) restore(mem []byte, pm *Pagemap, maxPages *int) bool {
	return len(mem) == 0 || pm.written(mem, func(k int) bool {
		if *maxPages--; *maxPages < 0 {
			return false
		}
		p, want := mem[k*pageSize:min((k+1)*pageSize, len(mem))], img.pages[k]
		if want == nil {
			want = zeros[:len(p)]
		}
		if !bytes.Equal(p, want) {
			copy(p, want)
		}
		return true
	})
}
