package canon

import (
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// channel is what the two ends of a stream or future share (Canonical ABI, SharedStreamImpl
// and SharedFutureImpl). Nothing is buffered in it: an end whose copy finds no counterpart
// stays pending until the other side comes. Either side may be the host.
type channel struct {
	tree    *Tree
	elem    *types.Val // nil without elements
	future  bool
	dropped bool       // one end is gone
	pend    *copyEnd   // the guest's end whose copy waits
	source  abi.Source // the host writes
	sink    abi.Sink   // the host reads
	refs    []abi.Ref  // for the host's side
	woken   atomic.Bool
}

func (ch *channel) kind(writer bool) abi.Kind {
	switch {
	case ch.future && writer:
		return abi.KindFutureWriter
	case ch.future:
		return abi.KindFutureReader
	case writer:
		return abi.KindStreamWriter
	}
	return abi.KindStreamReader
}

func (ch *channel) hostSide() bool { return ch.source != nil || ch.sink != nil }

// setPending makes e wait for the other side; nil ends the waiting.
func (ch *channel) setPending(e *copyEnd) {
	if ch.hostSide() && (ch.pend == nil) != (e == nil) {
		if e != nil {
			ch.tree.waits++
		} else {
			ch.tree.waits--
		}
	}
	ch.pend = e
}

// finish ends the pending copy.
func (ch *channel) finish(r copyResult) {
	e := ch.pend
	ch.setPending(nil)
	e.done(r)
}

// copy begins the copy that e asks for.
func (ch *channel) copy(e *copyEnd) error {
	p := ch.pend
	switch {
	case ch.dropped:
		e.done(copyDropped)
	case ch.hostSide():
		return ch.copyHost(e)
	case p == nil:
		ch.setPending(e)
	case e.inst == p.inst && ch.elem != nil && !ch.elem.IsNumber:
		return abi.Trapf("cannot read and write a %s of this element type in one component instance", ch.name())
	case ch.future:
		if err := ch.move(p, e, 1); err != nil {
			return err
		}
		ch.finish(copyCompleted)
		e.done(copyCompleted)
	case p.remain() > 0:
		if n := min(p.remain(), e.remain()); n > 0 {
			if err := ch.move(p, e, n); err != nil {
				return err
			}
			p.partial()
		}
		e.done(copyCompleted)
	case e.writer && e.length == 0 && p.length == 0:
		e.done(copyCompleted) // the write; the read of nothing stays
	default:
		ch.finish(copyCompleted)
		ch.setPending(e)
	}
	return nil
}

// move copies n elements between the buffers of two guests.
func (ch *channel) move(a, b *copyEnd, n uint32) error {
	w, r := a, b
	if b.writer {
		w, r = b, a
	}
	t := ch.tree
	if ch.elem != nil {
		t.between(w.inst, w.opts, nil, r.inst, r.opts, nil)
		t.copyElements(ch.elem, w.place(&t.src), r.place(&t.dst), n)
		if err := firstError(&t.src, &t.dst); err != nil {
			return err
		}
	}
	w.progress += n
	r.progress += n
	return nil
}

// copyHost moves elements between e and the host.
func (ch *channel) copyHost(e *copyEnd) error {
	n, end, err := ch.exchange(e)
	switch {
	case err != nil:
		return err
	case end:
		ch.hostGone()
		if n == 0 {
			e.done(copyDropped)
			return nil
		}
		fallthrough
	case n > 0:
		e.progress += min(n, e.remain())
		e.done(copyCompleted)
	default:
		ch.setPending(e)
	}
	return nil
}

// exchange lets the host's end move as many elements as it will.
func (ch *channel) exchange(e *copyEnd) (n uint32, end bool, err error) {
	if e.opts.Memory64 {
		return ch.exchangeMirrored(e)
	}
	g := &ch.tree.src
	g.Reset(e.inst, e.opts, ch.refs, nil, nil)
	g.Bound(ch.tree.valueBytes, int(ch.tree.cfg.CallBytes))
	var at uint32
	if ch.elem != nil {
		at = uint32(e.ptr) + e.progress*ch.elem.Size
	}
	if e.writer {
		n, end = ch.sink.Write(g, at, e.remain())
	} else {
		n, end = ch.source.Read(g, at, e.remain())
	}
	return n, end, g.Err()
}

// hostGone notes that the host gives up its end.
func (ch *channel) hostGone() {
	ch.dropped, ch.source, ch.sink = true, nil, nil
}

// drop is called when a guest gives up its end.
func (ch *channel) drop() {
	if ch.dropped {
		return
	}
	ch.dropped = true
	if ch.pend != nil {
		ch.finish(copyDropped)
	}
	ch.release(nil)
}

// release tells the host's side that there is no other any more.
func (ch *channel) release(err error) {
	src, snk := ch.source, ch.sink
	ch.source, ch.sink = nil, nil
	if src != nil {
		src.End()
	}
	if snk != nil {
		snk.End(err)
	}
}

// abandon is drop for a tree that has ended.
func (ch *channel) abandon(err error) {
	ch.dropped, ch.pend = true, nil
	ch.release(err)
}

func (ch *channel) name() string {
	if ch.future {
		return "future"
	}
	return "stream"
}

// deliver implements message: the host's side has something new.
func (ch *channel) deliver(t *Tree) {
	ch.woken.Store(false)
	e := ch.pend
	if e == nil || t.dead != nil || !ch.hostSide() {
		return
	}
	ch.setPending(nil)
	if err := ch.copyHost(e); err != nil {
		t.die(err)
	}
}

// Wake implements abi.Waker.
func (ch *channel) Wake() {
	if !ch.woken.Swap(true) {
		ch.tree.post(ch)
	}
}

// Drive implements abi.Waker.
func (ch *channel) Drive(done func() bool) {
	var m message
	if !ch.woken.Swap(true) {
		m = ch
	}
	var g goal
	if done != nil {
		g = goalFunc(done)
	}
	ch.tree.drive(m, g)
}

// Go runs f on a goroutine that Join waits for.
func (ch *channel) Go(f func()) { ch.tree.out.run(f) }

// Drop implements abi.Waker.
func (ch *channel) Drop() {
	ch.tree.post(messageFunc(func(t *Tree) {
		if t.dead != nil || !ch.hostSide() {
			return
		}
		e := ch.pend
		ch.setPending(nil)
		ch.hostGone()
		if e != nil {
			e.done(copyDropped)
		}
	}))
}
