package engine

import (
	"sync/atomic"

	"github.com/spinhost/spin/engine/internal/canon"
)

// watch measures the memory of an instance and keeps it within its budget. The store bounds
// each memory by itself and tells nobody when one grows. But only the component instance
// whose code runs can make its memories grow, so before it runs, they are given what the
// others have left over: if it has one memory, the sum is bounded exactly. If it has several,
// each may take all of that; that they have not all done so is looked at with each host call
// and tick.
type watch struct {
	i      *Instance
	budget uint64 // 0: no bound
	all    bool   // it knows all
	at     int32  // component instance to whose memories the store's limit applies
	size   []uint64
	sum    uint64
	now    []atomic.Uint64 // sums of size by component instance
	ended  atomic.Bool
}

func newWatch(i *Instance) *watch {
	i.core.st.Watch(true)
	w := &watch{i: i, at: canon.None, size: make([]uint64, len(i.p.memories.all)), now: make([]atomic.Uint64, len(i.p.link.Canon.Instances))}
	if i.cfg.Memory > 0 && len(w.size) > 1 {
		w.budget = uint64(i.cfg.Memory)
	}
	return w
}

// Enter implements canon.Watch.
func (w *watch) Enter(n int32) {
	if w.budget > 0 && n != w.at {
		w.at = n
		w.share(n)
	}
}

// Leave implements canon.Watch.
func (w *watch) Leave() { w.sample() }

// hostCall looks after what an instance with several memories may have taken.
func (w *watch) hostCall() {
	if w.budget > 0 && w.at != canon.None && len(w.i.p.memories.of[w.at]) > 1 {
		w.share(w.at)
	}
}

// share gives the memories of component instance n what is left of the budget.
func (w *watch) share(n int32) {
	w.i.core.st.MemoryBytes()
	w.sample()
	left := w.budget - min(w.budget, w.sum)
	limit := left // for memories that have still to be made
	if w.all {
		limit = w.largest(n) + left
	}
	w.i.core.st.LimitMemory(limit)
}

// largest is the size of the largest memory of component instance n.
func (w *watch) largest(n int32) (size uint64) {
	for _, k := range w.i.p.memories.of[n] {
		size = max(size, w.size[k])
	}
	return size
}

// sample notes how large the memories are, as far as the store has looked.
func (w *watch) sample() {
	changed := false
	for k, m := range w.i.p.memories.all {
		if n := w.i.core.st.MemorySize(m.number); n > w.size[k] {
			w.sum += n - w.size[k]
			w.now[m.owner].Store(w.now[m.owner].Load() + n - w.size[k])
			w.size[k], changed = n, true
		}
	}
	if changed && w.budget > 0 && w.sum > w.budget {
		w.i.Kill(memoryLimit(w.i.cfg.Memory, w.sum))
	}
}

// made is called when all memories are there.
func (w *watch) made() {
	w.all, w.at = true, canon.None
	w.sample()
}

// end is called before the store goes away.
func (w *watch) end() {
	w.i.core.st.MemoryBytes()
	w.i.core.st.Watch(false)
	w.sample()
	w.ended.Store(true)
}
