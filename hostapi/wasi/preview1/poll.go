package preview1

import (
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// Layouts of subscription and event.
const (
	subscriptionSize = 48
	eventSize        = 32
	maxSubscriptions = 4096
)

// The types of events.
const (
	eventClock = iota
	eventRead
	eventWrite
)

// poll is a poll_oneoff under way. The guest is suspended meanwhile, so that there is one.
type poll struct {
	began time.Time
	subs  []subscription
}

// subscription is something that is waited for.
type subscription struct {
	userdata uint64
	kind     uint8
	e        errno // what is wrong with it: it is an event at once
	on       abi.Pollable
	bytes    uint64 // that can be read or written
}

// pollOneoff waits until one of the subscriptions is ready. It is called again, with the same
// arguments, when that may be.
func pollOneoff(p *process, c *call) errno {
	in, out, n := c.u32(0), c.u32(1), c.u32(2)
	if n == 0 || n > maxSubscriptions {
		return inval
	}
	if !c.Check(in, n*subscriptionSize, 1) || !c.Check(out, n*eventSize, 1) {
		return success
	}
	if p.polling == nil {
		x := &poll{began: time.Now()}
		for k := range n {
			x.subs = append(x.subs, p.subscription(c, in+k*subscriptionSize, x.began))
		}
		p.polling = x
	}
	ready, all := uint32(0), make(abi.Any, 0, n)
	for _, s := range p.polling.subs {
		if s.on != nil && !s.on.Ready() {
			all = append(all, s.on)
			continue
		}
		at := out + ready*eventSize
		clear(c.Mem()[at : at+eventSize])
		c.PutU64(at, s.userdata)
		c.PutU16(at+8, uint16(s.e))
		c.PutU8(at+10, s.kind)
		c.PutU64(at+16, s.bytes)
		ready++
	}
	if ready == 0 {
		c.Fail(abi.WaitFor(all))
		return success
	}
	p.polling = nil
	c.put32(c.u32(3), ready)
	return success
}

// subscription reads the subscription at an address that has been checked.
func (p *process) subscription(c *call, at uint32, began time.Time) subscription {
	s := subscription{userdata: c.U64(at), kind: c.U8(at + 8)}
	switch s.kind {
	case eventClock:
		s.on, s.e = p.clockSubscription(c.U32(at+16), c.U64(at+24), c.U16(at+40), began)
	case eventRead, eventWrite:
		f, e := p.file(c.U32(at + 16))
		switch {
		case e != success:
			s.e = e
		case f.fs != nil:
			s.bytes = 1 // files are always ready
		case s.kind == eventRead && f.in != nil:
			s.on, s.bytes = f.in, 1
		case s.kind == eventWrite && f.out != nil:
			s.on, s.bytes = f.out, 1
		default:
			s.e = badf
		}
	default:
		s.e = inval
	}
	return s
}

// clockSubscription is what is ready when a time has come: flag 1 says that it is not relative.
func (p *process) clockSubscription(clock uint32, timeout uint64, flags uint16, began time.Time) (abi.Pollable, errno) {
	now, e := p.now(clock)
	switch {
	case e != success:
		return nil, e
	case flags > 1:
		return nil, inval
	case flags == 0:
		return after(began, timeout), success
	case timeout <= now:
		return nil, success
	}
	return after(time.Now(), timeout-now), success
}
