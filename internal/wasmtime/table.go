package wasmtime

import (
	"sync"
	"sync/atomic"
)

// stores finds a store by the number that the C side knows it by: C memory must
// not hold Go pointers. It is the package's only variable, and holds only stores
// that are open.
var stores storeTable

const (
	tablePages = 1 << 12
	pageStores = 1 << 10
)

// storeTable is read without a lock in every host call.
type storeTable struct {
	pages [tablePages]atomic.Pointer[storePage]
	mu    sync.Mutex
	free  []uint32
	next  uint32
}

type storePage [pageStores]atomic.Pointer[Store]

// add reports false if there are four million stores.
func (t *storeTable) add(s *Store) (id uint32, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if n := len(t.free); n > 0 {
		id, t.free = t.free[n-1], t.free[:n-1]
	} else if t.next < tablePages*pageStores {
		id = t.next
		t.next++
	} else {
		return 0, false
	}
	p := t.pages[id/pageStores].Load()
	if p == nil {
		p = new(storePage)
		t.pages[id/pageStores].Store(p)
	}
	p[id%pageStores].Store(s)
	return id, true
}

func (t *storeTable) get(id uint32) *Store {
	return t.pages[id/pageStores].Load()[id%pageStores].Load()
}

func (t *storeTable) remove(id uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pages[id/pageStores].Load()[id%pageStores].Store(nil)
	t.free = append(t.free, id)
}
