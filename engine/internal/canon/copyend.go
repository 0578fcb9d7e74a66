package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

type copyState uint8

// The states of an end (Canonical ABI, CopyState). An end leaves copying only when the
// event is delivered, not when the copy is over.
const (
	copyIdle copyState = iota
	copying
	cancelling
	copyDone
)

type copyResult uint32

// How a copy ended (Canonical ABI, CopyResult).
const (
	copyCompleted copyResult = iota
	copyDropped
	copyCancelled
)

// maxCopy is the greatest number of elements in one copy (Canonical ABI, Buffer.MAX_LENGTH).
const maxCopy = 1<<28 - 1

// blocked is the answer of a built-in that will be completed by an event.
const blocked = 0xffffffff

// blocked64 is the same in 64 bits: what stream.read and stream.write return is as wide as
// addresses are (Explainer, stream.read: all-ones).
const blocked64 = 1<<64 - 1

// copyEnd is a guest's end of a stream or future (Canonical ABI, class CopyEnd), with the
// buffer of the copy in progress.
type copyEnd struct {
	Waitable
	ch     *channel
	inst   *Instance
	writer bool
	state  copyState

	opts     abi.Options
	ptr      uint64
	length   uint32
	progress uint32

	result copyResult
	more   bool // the pending event is of a partial copy: until it is delivered more may follow
}

func (e *copyEnd) remain() uint32 { return e.length - e.progress }

// done makes the event of a finished copy pending.
func (e *copyEnd) done(r copyResult) {
	e.result, e.more = r, false
	e.notify(e.ch.tree)
}

// partial makes the event of a copy pending whose buffer has perhaps still room.
func (e *copyEnd) partial() {
	e.result, e.more = copyCompleted, true
	e.notify(e.ch.tree)
}

// deliverEvent implements waitableOwner.
func (e *copyEnd) deliverEvent() event {
	if e.more {
		e.ch.setPending(nil)
		e.more = false
	}
	e.state = copyIdle
	if e.result == copyDropped || e.ch.future && e.result == copyCompleted {
		e.state = copyDone
	}
	payload := uint32(e.result)
	if !e.ch.future {
		payload |= e.progress << 4
	}
	return event{e.code(), e.index, payload}
}

func (e *copyEnd) code() eventCode {
	switch e.ch.kind(e.writer) {
	case abi.KindStreamReader:
		return eventStreamRead
	case abi.KindStreamWriter:
		return eventStreamWrite
	case abi.KindFutureReader:
		return eventFutureRead
	}
	return eventFutureWrite
}

// addEnd adds an end of ch to the instance's table.
func (i *Instance) addEnd(ch *channel, writer bool) (uint32, error) {
	return i.putEnd(new(copyEnd), ch, writer)
}

// putEnd is addEnd with memory for the end.
func (i *Instance) putEnd(e *copyEnd, ch *channel, writer bool) (uint32, error) {
	e.ch, e.inst, e.writer, e.owner = ch, i, writer, e
	n, err := i.handles.Add(abi.Entry{Kind: ch.kind(writer), Obj: e})
	e.index = n
	return n, err
}

// end finds an end and checks its element type.
func (i *Instance) end(n uint32, k abi.Kind, elem *types.Val) (*copyEnd, error) {
	x, err := i.handles.Get(n, k)
	if err != nil {
		return nil, err
	}
	e := x.Obj.(*copyEnd)
	if e.ch.elem != elem {
		return nil, abi.Trapf("handle index %d has another element type", n)
	}
	return e, nil
}

// takeEnd removes a readable end that is passed on (Canonical ABI, lift_async_value).
func (i *Instance) takeEnd(n uint32, k abi.Kind, elem *types.Val) (*channel, error) {
	e, err := i.end(n, k, elem)
	switch {
	case err != nil:
		return nil, err
	case e.state == copyDone:
		return nil, abi.Trapf("cannot pass on a %s whose other end is gone or whose value was read", e.ch.name())
	case e.state != copyIdle:
		return nil, abi.Trapf("cannot pass on a %s with a read in progress", e.ch.name())
	case e.set != nil:
		return nil, abi.Trapf("cannot pass on a %s that is in a waitable set", e.ch.name())
	}
	i.handles.Remove(n)
	return e.ch, nil
}

// liftEnd takes the readable end of a stream or future at p from the guest, nil if it cannot be.
func liftEnd(v *types.Val, p place) *channel {
	k := abi.KindStreamReader
	if v.Kind == types.Future {
		k = abi.KindFutureReader
	}
	ch, err := p.g.Env().(*Instance).takeEnd(p.u32(), k, v.Elem)
	if err != nil {
		p.g.Fail(err)
	}
	return ch
}

// copyEndHandle passes a readable end from one guest to another.
func (t *Tree) copyEndHandle(v *types.Val, src, dst place) {
	ch := liftEnd(v, src)
	if ch == nil {
		return
	}
	n, err := dst.g.Env().(*Instance).addEnd(ch, false)
	if err != nil {
		dst.g.Fail(err)
		return
	}
	dst.putU32(n)
}
