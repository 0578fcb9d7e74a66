package canon

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// hostEnd is a readable end that the host has taken from a guest.
type hostEnd struct{ ch *channel }

func refElem(r *abi.Ref) (abi.Kind, *types.Val) {
	elem, _ := r.Elem.(*types.Val)
	if r.Future {
		return abi.KindFutureReader, elem
	}
	return abi.KindStreamReader, elem
}

// LiftEnd implements abi.Env.
func (i *Instance) LiftEnd(n uint32, r *abi.Ref) (abi.End, error) {
	k, elem := refElem(r)
	ch, err := i.takeEnd(n, k, elem)
	if err != nil {
		return nil, err
	}
	return hostEnd{ch}, nil
}

// LowerEnd implements abi.Env.
func (i *Instance) LowerEnd(r *abi.Ref, refs []abi.Ref, s abi.Source) (uint32, error) {
	_, elem := refElem(r)
	p := new(struct {
		ch channel
		r  copyEnd
	})
	ch := &p.ch
	ch.tree, ch.elem, ch.future, ch.refs = i.tree, elem, r.Future, refs
	s.Bind(ch)
	ch.source = s
	return i.putEnd(&p.r, ch, false)
}

// Forward implements abi.Env.
func (i *Instance) Forward(e abi.End) (uint32, error) { return i.addEnd(e.(hostEnd).ch, false) }

// Attach implements abi.End.
func (h hostEnd) Attach(refs []abi.Ref, s abi.Sink) abi.Waker {
	ch := h.ch
	switch {
	case ch.source != nil:
		ch.release(nil)
		ch.dropped = true
		s.End(abi.Trapf("host cannot read a %s that it writes itself in another form", ch.name()))
	case ch.dropped:
		s.End(nil)
	default:
		e := ch.pend
		ch.setPending(nil)
		ch.sink, ch.refs = s, refs
		switch {
		case e == nil:
		case e.more && e.remain() == 0: // over, only not delivered yet
			e.more = false
		default:
			if err := ch.copyHost(e); err != nil {
				ch.tree.die(err)
			}
		}
	}
	return ch
}

// Drop implements abi.End.
func (h hostEnd) Drop() { h.ch.drop() }

// Source implements abi.End.
func (h hostEnd) Source() abi.Source { return h.ch.source }

// Take implements abi.End.
func (h hostEnd) Take() { h.ch.hostGone() }
