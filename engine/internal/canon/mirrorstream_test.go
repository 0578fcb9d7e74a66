package canon

import (
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/value"
)

// anySink takes elements as dynamic values, as long as there is room.
type anySink struct {
	t    *Tree
	elem *types.Val
	room int
	full bool // was told of elements for which there was no room
	got  []any
	end  bool
}

func (s *anySink) Write(g *abi.Guest, ptr, n uint32) (uint32, bool) {
	if s.end {
		return 0, true
	}
	if n == 0 {
		return uint32(s.room), false
	}
	n = min(n, uint32(s.room))
	for i := range n {
		s.got = append(s.got, s.t.liftAny(s.elem, inMemory(g, uint64(ptr)).element(s.elem, i)))
	}
	s.room -= int(n)
	s.full = n == 0
	return n, false
}

func (s *anySink) End(error) {}

// anySource gives dynamic values.
type anySource struct {
	t    *Tree
	elem *types.Val
	left []any
	end  bool
}

func (s *anySource) Read(g *abi.Guest, ptr, n uint32) (uint32, bool) {
	if n == 0 {
		return uint32(len(s.left)), s.end && len(s.left) == 0
	}
	n = min(n, uint32(len(s.left)))
	for i := range n {
		s.t.lowerAny(s.elem, s.left[i], inMemory(g, uint64(ptr)).element(s.elem, i))
	}
	s.left = s.left[n:]
	return n, s.end && n == 0
}

func (s *anySource) End() {}

func (s *anySource) Bind(abi.Waker) {}

// wideEnd makes an end of a host stream in a guest with a 64-bit memory, with a buffer of three
// elements that is filled if the guest writes.
func wideEnd(t *testing.T, v *values, ch *channel, writer bool) *copyEnd {
	t.Helper()
	v.reset()
	v.a.form(abi.UTF16, true)
	inst := &v.tree.insts[v.a.n]
	ch.tree, ch.elem = v.tree, v.val("tuple<u8,string>")
	i, err := inst.addEnd(ch, writer)
	if err != nil {
		t.Fatal(err)
	}
	e, err := inst.end(i, ch.kind(writer), ch.elem)
	if err != nil {
		t.Fatal(err)
	}
	m := v.model(v.a, seeded(1))
	list := v.val("list<tuple<u8,string>>")
	p, n := m.point(list, wideElements())
	v.a.heap = uint32(m.heap)
	e.opts, e.ptr, e.length, e.state = v.a.options().Options, p, uint32(n), copying
	return e
}

func wideElements() []any {
	return []any{value.Tuple{uint8(1), "one"}, value.Tuple{uint8(2), "zwei €"}, value.Tuple{uint8(3), ""}}
}

// The elements that a guest with a 64-bit memory writes reach the host, as many as it has room
// for.
func TestHostReadsStreamFrom64BitMemory(t *testing.T) {
	v := newValues(t)
	for room, want := range map[int]string{
		0: "0 pending, full true",
		2: "2 done, full false",
		5: "3 done, full false",
	} {
		s := &anySink{t: v.tree, room: room}
		e := wideEnd(t, v, &channel{sink: s}, true)
		s.elem = e.ch.elem
		if err := e.ch.copyHost(e); err != nil {
			t.Fatal(err)
		}
		state := "pending"
		if e.pending {
			state = "done"
		}
		if got := fmt.Sprintf("%d %s, full %v", e.progress, state, s.full); got != want {
			t.Errorf("room for %d: %s, want %s", room, got, want)
		}
		if !same(append([]any{}, s.got...), wideElements()[:min(room, 3)]) {
			t.Errorf("room for %d: got %v", room, s.got)
		}
		e.ch.setPending(nil)
	}
	s := &anySink{t: v.tree, end: true}
	e := wideEnd(t, v, &channel{sink: s}, true)
	if err := e.ch.copyHost(e); err != nil || e.result != copyDropped {
		t.Errorf("a host that takes no more: %v, result %d", err, e.result)
	}
}

// What the host writes reaches such a guest.
func TestHostWritesStreamTo64BitMemory(t *testing.T) {
	v := newValues(t)
	for have := range 4 {
		s := &anySource{t: v.tree, left: wideElements()[:have]}
		e := wideEnd(t, v, &channel{source: s}, false)
		s.elem = e.ch.elem
		clear((*v.mems[v.a.mem])[e.ptr : e.ptr+3*e.ch.elem.Bytes(true)])
		if err := e.ch.copyHost(e); err != nil {
			t.Fatal(err)
		}
		if int(e.progress) != have || e.pending != (have > 0) {
			t.Errorf("of %d: %d elements, done %v", have, e.progress, e.pending)
		}
		m := v.model(v.a, nil)
		if got := m.elements(e.ch.elem, e.ptr, uint64(have)); !same(got, wideElements()[:have]) {
			t.Errorf("of %d: got %v", have, got)
		}
		e.ch.setPending(nil)
	}
	e := wideEnd(t, v, &channel{source: &anySource{t: v.tree, end: true}}, false)
	if err := e.ch.copyHost(e); err != nil || e.result != copyDropped {
		t.Errorf("a host that has no more: %v, result %d", err, e.result)
	}
}
