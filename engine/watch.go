package engine

import (
	"sync/atomic"

	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/internal/wasmtime"
)

// watch measures the memory of an instance and keeps it within its budget. The store bounds
// each memory by itself and tells nobody when one grows. But only the component instance
// whose code runs can make its memories grow, so before it runs, they are given what the
// others have left over: if it has one memory, the sum is bounded exactly. If it has several,
// each may take all of that, as long as all together cannot take as much again as the budget;
// that they keep within it is looked at with each host call and tick, of which code that neither
// loops nor calls sees none.
type watch struct {
	i      *Instance
	budget uint64 // 0: no bound
	all    bool   // it knows all
	at     int32  // component instance to whose memories the store's limit applies
	size   []uint64
	hidden map[int]wasmtime.Extern // by index: those that are not registered yet
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
	if n != canon.None {
		limit = min(limit, w.level(n))
	}
	w.i.core.st.LimitMemory(limit)
}

// level is up to where all memories of component instance n may grow so that the whole stays
// within twice the budget.
func (w *watch) level(n int32) uint64 {
	room := 2*w.budget - min(2*w.budget, w.sum)
	for _, k := range w.i.p.memories.of[n] {
		room += w.size[k]
	}
	for level := room; ; {
		left, lower := room, uint64(0) // without those that are above it already
		for _, k := range w.i.p.memories.of[n] {
			if w.size[k] > level {
				left -= min(left, w.size[k])
			} else {
				lower++
			}
		}
		if lower == 0 || left/lower >= level {
			return level
		}
		level = left / lower
	}
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
		n := w.i.core.st.MemorySize(m.number)
		if x, ok := w.hidden[k]; ok {
			n = w.i.core.st.SizeOf(x)
		}
		if n > w.size[k] {
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
	w.all, w.at, w.hidden = true, canon.None, nil
	w.sample()
}

// room lets a core instance begin with what is left of the budget, and then, in its start
// function, have no more.
func (w *watch) room() {
	if w.budget > 0 {
		w.at = canon.None
		w.share(canon.None)
	}
}

// hide notes the memories of core instance k that are registered only when all are there.
func (w *watch) hide(k int) error {
	p := w.i.p
	for n, x := range p.memories.hidden {
		if x.Instance != k {
			continue
		}
		e, err := w.i.core.extern(x)
		if err != nil {
			return err
		}
		if w.hidden == nil {
			w.hidden = map[int]wasmtime.Extern{}
		}
		for i, m := range p.memories.all {
			if m.number == len(p.link.Memories)+n {
				w.hidden[i] = e
			}
		}
	}
	return nil
}

// end is called before the store goes away.
func (w *watch) end() {
	w.i.core.st.MemoryBytes()
	w.i.core.st.Watch(false)
	w.sample()
	w.ended.Store(true)
}
