package canon

import (
	"context"
	"fmt"
	"runtime"
	"strings"

	"github.com/spinhost/spin/engine/abi"
)

// mHost is the host's end of a channel: it takes and gives what the dice say, and tells the
// model when the engine asks.
type mHost struct {
	s     *seq
	ch    *mChan
	waker abi.Waker
	ends  int // how often it was told that the guest's end is gone
	want  int // how often it has to be, when the tree has ended
}

// newHost attaches the host to a channel.
func (s *seq) newHost(ch *mChan) *mHost {
	h := &mHost{s: s, ch: ch, want: 1}
	s.hosts = append(s.hosts, h)
	ch.host = h
	return h
}

func (h *mHost) Write(g *abi.Guest, ptr, n uint32) (uint32, bool) { return h.copies(g, ptr, n, true) }
func (h *mHost) Read(g *abi.Guest, ptr, n uint32) (uint32, bool)  { return h.copies(g, ptr, n, false) }

// hostSink is mHost as the host's readable end.
type hostSink struct{ *mHost }

func (h hostSink) End(error) { h.ended() }

// hostSource is mHost as the host's writable end.
type hostSource struct{ *mHost }

func (h hostSource) Bind(w abi.Waker) { h.waker = w }
func (h hostSource) End()             { h.ended() }

func (h *mHost) ended() {
	h.ends++
	if h.ends > h.want {
		h.s.misfit("host end told %d times that it is over, want %d", h.ends, h.want)
	}
}

// copies is asked for n elements at ptr.
func (h *mHost) copies(g *abi.Guest, ptr, n uint32, writes bool) (k uint32, end bool) {
	e, d := h.ch.pend, h.s.d
	switch {
	case h.ch.host != h || e == nil || e.writer != writes:
		h.s.misfit("host end is asked although nobody copies")
		return 0, true
	case n != uint32(e.remain()), h.ch.elem != elemNone && n > 0 && uint64(ptr) != e.at(e.progress):
		h.s.misfit("host is asked for %d elements at %#x; %d at %#x are left", n, ptr, e.remain(), e.at(e.progress))
	}
	if k = uint32(d.int(int(n) + 1)); n == 0 {
		k = uint32(d.int(2)) // whether it is ready
	}
	if end = d.one(6); end {
		h.gone()
	}
	if k == 0 && !end {
		return 0, false
	}
	e.ch.pend = nil
	if k == 0 {
		e.finish(copyDropped)
		return 0, true
	}
	if n > 0 {
		for range k {
			h.element(g, e)
		}
	}
	e.finish(copyCompleted)
	return k, end
}

// element takes an element from the guest, or gives it one.
func (h *mHost) element(g *abi.Guest, e *mEnd) {
	at, text := uint32(e.at(e.progress)), ""
	if e.writer {
		switch e.ch.elem {
		case elemByte:
			text = string(rune(g.U8(at)))
		case elemText:
			text = g.String(g.U32(at), g.U32(at+4))
		}
		if want := e.items[e.progress]; text != want {
			h.s.misfit("host was given %q, want %q", text, want)
		}
	} else {
		switch e.ch.elem {
		case elemByte:
			text = string(rune('A' + h.s.d.int(26)))
			g.PutU8(at, text[0])
		case elemText:
			text = strings.Repeat("x", h.s.d.int(4))
			g.StoreString(at, text)
		}
		e.items = append(e.items, text)
	}
	e.progress++
}

// gone notes that the host has given up its end.
func (h *mHost) gone() {
	h.want = 0
	h.ch.dropped, h.ch.host = true, nil
}

// misfit reports a difference from the model where no guest can be trapped.
func (s *seq) misfit(format string, args ...any) {
	s.bad = true
	s.w.tb.Errorf(format, args...)
}

// at is where an element of e's buffer lies.
func (e *mEnd) at(i int) uint64 {
	size := 0
	switch e.ch.elem {
	case elemByte:
		size = 1
	case elemText:
		size = 8
	}
	return e.ptr + uint64(i*size)
}

// hostEnds are operations that move ends between guests and the host.
func (s *seq) hostEnds(g *guest, t *mTask) {
	switch s.d.int(5) {
	case 0:
		s.openHost(g, t)
	case 1, 2:
		s.giveHost(g, t, "take")
	case 3:
		s.giveHost(g, t, "discard")
	case 4:
		s.echo(g, t)
	}
}

// hostFunc finds or makes a function of the host on ends.
func (s *seq) hostFunc(g *guest, what, sig string, serve func(*abi.Call)) int32 {
	key := fmt.Sprint(g.c.n, what, sig)
	n, ok := s.hostFuncs[key]
	if !ok {
		n = g.c.host(sig, false, serve)
		s.hostFuncs[key] = n
	}
	return n
}

func (c *mChan) typeText() string {
	name := "stream"
	if c.future {
		name = "future"
	}
	if c.elem == elemNone {
		return name
	}
	return fmt.Sprintf("%s<%s>", name, c.elem)
}

// openHost has the host make a channel that it writes.
func (s *seq) openHost(g *guest, t *mTask) {
	ch := &mChan{future: s.d.one(3), elem: elemKind(s.d.int(int(elemKinds)))}
	e := &mEnd{ch: ch, inst: t.inst}
	s.newHost(ch)
	op := s.hostFunc(g, "open", "func()->"+ch.typeText(), func(c *abi.Call) {
		h := s.hosts[len(s.hosts)-1]
		i, err := c.Env().LowerEnd(&c.Refs()[0], c.Refs(), hostSource{h})
		if err != nil {
			c.Fail(err)
		}
		c.Return(uint64(i))
	})
	e.index = t.inst.add(e)
	s.want(g, "host's stream", g.call(op), uint64(e.index))
}

// giveHost gives the host a readable end, which it reads or drops.
func (s *seq) giveHost(g *guest, t *mTask, what string) {
	e := pickOf(s, t.inst, passable)
	if e == nil {
		return
	}
	op := s.discard(g, e.ch)
	if what == "take" {
		op = s.hostFunc(g, what, "func(e:"+e.ch.typeText()+")", func(c *abi.Call) {
			x, err := c.Env().LiftEnd(c.Args().U32(0), &c.Refs()[0])
			if err != nil {
				c.Fail(err)
				return
			}
			h := s.hosts[len(s.hosts)-1]
			h.waker = x.Attach(c.Refs(), hostSink{h})
		})
	}
	t.inst.remove(e.index)
	ch := e.ch
	writes := ch.host != nil
	switch {
	case what == "discard":
		ch.drop()
	case writes, ch.dropped: // nobody is left at the other end, or the host itself
		h := s.newHost(ch)
		ch.host, ch.dropped = nil, true
		defer func() {
			if h.ends != 1 {
				s.fail(g, "host was told %d times that it reads nothing", h.ends)
			}
		}()
	default:
		if p := ch.pend; p != nil && p.more && p.remain() == 0 {
			ch.pend, p.more = nil, false
		}
		s.newHost(ch)
	}
	g.call(op, uint64(e.index))
}

// discard is a function of the host that drops an end.
func (s *seq) discard(g *guest, ch *mChan) int32 {
	return s.hostFunc(g, "discard", "func(e:"+ch.typeText()+")", func(c *abi.Call) {
		x, err := c.Env().LiftEnd(c.Args().U32(0), &c.Refs()[0])
		if err != nil {
			c.Fail(err)
			return
		}
		x.Drop()
	})
}

// echo gives the host a readable end that it gives back.
func (s *seq) echo(g *guest, t *mTask) {
	e := pickOf(s, t.inst, passable)
	if e == nil {
		return
	}
	text := e.ch.typeText()
	op := s.hostFunc(g, "echo", "func(e:"+text+")->"+text, func(c *abi.Call) {
		x, err := c.Env().LiftEnd(c.Args().U32(0), &c.Refs()[0])
		if err != nil {
			c.Fail(err)
			return
		}
		i, err := c.Env().Forward(x)
		if err != nil {
			c.Fail(err)
		}
		c.Return(uint64(i))
	})
	old := e.index
	t.inst.remove(old)
	e.index = t.inst.add(e)
	s.want(g, "end that came back", g.call(op, uint64(old)), uint64(e.index))
}

// wakeHost wakes one of the host's ends, or has the host give it up.
func (s *seq) wakeHost() {
	var open []*mHost
	for _, h := range s.hosts {
		if h.ch.host == h && h.waker != nil {
			open = append(open, h)
		}
	}
	if len(open) == 0 {
		return
	}
	h := open[s.d.int(len(open))]
	if !s.d.one(4) {
		h.waker.Wake()
		return
	}
	h.drop()
}

// drop has the host give up its end as soon as the driver gets to it.
func (h *mHost) drop() {
	h.s.w.tree.Do(func(t *Tree) {
		if t.dead != nil || h.ch.host != h {
			return
		}
		e := h.ch.pend
		h.ch.pend = nil
		h.gone()
		if e != nil {
			e.finish(copyDropped)
		}
	})
	h.waker.Drop()
}

// release lets what waits for the host go on. It reports whether anything can happen yet.
func (s *seq) release() (some bool) {
	s.w.do(func(t *Tree) {
		if t.dead != nil {
			return
		}
		some = len(t.hostOps) > 0 || t.ready.n > 0 || t.frozen != nil
		for _, h := range s.hosts {
			if h.ch.host == h && h.waker != nil {
				h.drop()
				some = true
			}
		}
	})
	runtime.Gosched()
	return some
}

// hostCall calls an async function of the host that answers at once or from a goroutine, or
// one that is not async and keeps everything waiting.
func (s *seq) hostCall(g *guest, t *mTask) {
	sub, naps := &mSub{}, s.d.int(20)
	later := func(c *abi.Call) {
		c.Go(func(context.Context) func(*abi.Call) {
			for range naps {
				runtime.Gosched()
			}
			return func(*abi.Call) { sub.progress(subtaskReturned) }
		})
	}
	at := func(c *abi.Call) { sub.state = subtaskReturned }
	async := !t.mayBlock() || s.d.one(2)
	switch s.d.int(4) {
	case 0:
		g.call(g.c.host("func()", false, later))
		return
	case 1:
		later = at
	}
	if !async {
		s.block(g, t, false, sub.resolved, func() bool { g.call(g.c.host("async func()", false, later)); return false })
		return
	}
	sub.state = subtaskStarted
	answer := g.call(g.c.host("async func()", true, later))
	if sub.resolved() && answer == uint64(subtaskReturned) {
		return
	}
	// Whether it has resolved meanwhile the guest is told by an event.
	sub.index = t.inst.add(sub)
	s.want(g, "call of the host", answer, uint64(subtaskStarted)|uint64(sub.index)<<4)
}
