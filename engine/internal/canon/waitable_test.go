package canon

import "testing"

// slicings are when the time slices of guests end: after which of their host calls.
var slicings = map[string]func() func() bool{
	"whole": func() func() bool { return nil },
	"sliced at every call": func() func() bool {
		return func() bool { return true }
	},
	"sliced at some calls": func() func() bool {
		n := 0
		return func() bool { n++; return n%5 < 2 }
	},
}

// guestTest runs body as a stackful task of a component, with another at hand. Time slices
// make no difference.
func guestTest(t *testing.T, body func(g *guest, other *component)) {
	t.Helper()
	for name, slicing := range slicings {
		t.Run(name, func(t *testing.T) {
			w, l := stackfulTest(t, body)
			w.slice = slicing()
			w.must(l)
		})
	}
}

// trapTest is guestTest for a body that has to trap for a reason whose text contains why.
func trapTest(t *testing.T, why string, body func(g *guest, other *component)) {
	t.Helper()
	for name, slicing := range slicings {
		t.Run(name, func(t *testing.T) {
			w, l := stackfulTest(t, body)
			w.slice = slicing()
			w.traps(why, l)
		})
	}
}

func stackfulTest(t *testing.T, body func(g *guest, other *component)) (*world, *Lift) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	l := a.stackful("async func()", func(g *guest, _ []uint64) uint64 {
		body(g, b)
		g.ret("")
		return 0
	})
	return w.start(), l
}

// parked makes a call whose callee returns when the future that it is given has a value.
func (g *guest) parked(other *component) (call func() (sub, writer uint64), fut channelType) {
	fut = g.c.w.future("")
	op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
		g.readSync(fut, a[0], 0, 0)
		g.dropReader(fut, a[0])
		g.ret("")
		return 0
	}), true)
	return func() (uint64, uint64) {
		r, wr := g.newChannel(fut)
		state, sub := status(g.call(op, r))
		g.want("state", uint64(state), uint64(subtaskStarted))
		return sub, wr
	}, fut
}

// release gives a parked callee its value.
func (g *guest) release(fut channelType, writer uint64) {
	g.want("write", g.write(fut, writer, 0, 0), completed(0))
	g.dropWriter(fut, writer)
}

func (g *guest) wantEvent(got happened, code eventCode, p1, p2 uint64) {
	g.c.w.tb.Helper()
	if want := (happened{uint64(code), p1, p2}); got != want {
		g.c.w.tb.Errorf("event: got %v, want %v", got, want)
	}
}

func TestWaitableSets(t *testing.T) {
	for name, body := range map[string]func(g *guest, other *component){
		"poll of an empty set": func(g *guest, _ *component) {
			g.wantEvent(g.poll(g.newSet(), false), eventNone, 0, 0)
		},
		"poll without an event": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.poll(s, false), eventNone, 0, 0)
			g.release(fut, wr)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, uint64(subtaskReturned))
			g.wantEvent(g.poll(s, false), eventNone, 0, 0)
		},
		"an event that came before joining": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			g.yield(false)
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.poll(s, false), eventSubtask, sub, uint64(subtaskReturned))
		},
		"events come in their order": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub1, w1 := call()
			sub2, w2 := call()
			sub3, w3 := call()
			s := g.newSet()
			for _, sub := range []uint64{sub1, sub2, sub3} {
				g.join(sub, s)
			}
			for _, wr := range []uint64{w2, w3, w1} {
				g.release(fut, wr)
			}
			for _, sub := range []uint64{sub2, sub3, sub1} {
				g.wantEvent(g.wait(s, false), eventSubtask, sub, uint64(subtaskReturned))
				g.dropSubtask(sub)
			}
			g.dropSet(s)
		},
		"an event moves with its waitable": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			s1, s2 := g.newSet(), g.newSet()
			g.join(sub, s1)
			g.release(fut, wr)
			g.yield(false)
			g.join(sub, s2)
			g.wantEvent(g.poll(s1, false), eventNone, 0, 0)
			g.join(sub, s1)
			g.wantEvent(g.poll(s2, false), eventNone, 0, 0)
			g.join(sub, 0)
			g.wantEvent(g.poll(s1, false), eventNone, 0, 0)
			g.join(sub, s2)
			g.wantEvent(g.poll(s2, false), eventSubtask, sub, uint64(subtaskReturned))
			g.dropSet(s1)
			g.dropSubtask(sub)
			g.dropSet(s2)
		},
		"a set with waitables that have gone can be dropped": func(g *guest, other *component) {
			st := g.c.w.stream("")
			r, wr := g.newChannel(st)
			s := g.newSet()
			g.join(r, s)
			g.join(wr, s)
			g.dropReader(st, r)
			g.dropWriter(st, wr)
			g.dropSet(s)
		},
		"dropped indices are used again, the last first": func(g *guest, _ *component) {
			s1, s2, s3 := g.newSet(), g.newSet(), g.newSet()
			g.want("first", s1, 1)
			g.want("third", s3, 3)
			g.dropSet(s1)
			g.dropSet(s3)
			g.want("reused", g.newSet(), 3)
			g.want("reused", g.newSet(), 1)
			g.want("new", g.newSet(), 4)
			g.want("kept", s2, 2)
		},
	} {
		t.Run(name, func(t *testing.T) { guestTest(t, body) })
	}
}

func TestWaitableTraps(t *testing.T) {
	for name, c := range map[string]struct {
		why  string
		body func(g *guest, other *component)
	}{
		"wait on no handle":  {"unknown handle index 9", func(g *guest, _ *component) { g.wait(9, false) }},
		"poll of no handle":  {"unknown handle index 0", func(g *guest, _ *component) { g.poll(0, false) }},
		"drop of no handle":  {"unknown handle index 1", func(g *guest, _ *component) { g.dropSet(1) }},
		"drop twice":         {"unknown handle index 1", func(g *guest, _ *component) { s := g.newSet(); g.dropSet(s); g.dropSet(s) }},
		"join of no handle":  {"unknown handle index 3", func(g *guest, _ *component) { g.join(3, g.newSet()) }},
		"join of a set":      {"not a waitable", func(g *guest, _ *component) { g.join(g.newSet(), g.newSet()) }},
		"greatest index":     {"unknown handle index 4294967295", func(g *guest, _ *component) { g.dropSet(0xffffffff) }},
		"wait on a stream":   {"not a waitable set", func(g *guest, _ *component) { r, _ := g.newChannel(g.c.w.stream("")); g.wait(r, false) }},
		"poll of a stream":   {"not a waitable set", func(g *guest, _ *component) { r, _ := g.newChannel(g.c.w.stream("")); g.poll(r, false) }},
		"drop of a stream":   {"not a waitable set", func(g *guest, _ *component) { r, _ := g.newChannel(g.c.w.stream("")); g.dropSet(r) }},
		"join into a stream": {"not a waitable set", func(g *guest, _ *component) { r, wr := g.newChannel(g.c.w.stream("")); g.join(r, wr) }},
		"drop with a member": {"with waitables in it", func(g *guest, _ *component) {
			r, _ := g.newChannel(g.c.w.stream(""))
			s := g.newSet()
			g.join(r, s)
			g.dropSet(s)
		}},
		"unaligned place for an event": {"unaligned pointer", func(g *guest, _ *component) {
			g.builtin(opKey{op: WaitableSetPoll}, g.newSet(), 2)
		}},
		"place for an event out of bounds": {"out of bounds", func(g *guest, _ *component) {
			g.builtin(opKey{op: WaitableSetPoll}, g.newSet(), memorySize-4)
		}},
		"place for an event at the end of the address space": {"out of bounds", func(g *guest, _ *component) {
			g.builtin(opKey{op: WaitableSetPoll}, g.newSet(), 0xfffffffc)
		}},
		"place for an awaited event out of bounds": {"out of bounds", func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			s := g.newSet()
			g.join(sub, s)
			g.release(fut, wr)
			g.builtin(opKey{op: WaitableSetWait}, s, memorySize)
		}},
		"nothing that could come": {"deadlock", func(g *guest, _ *component) { g.wait(g.newSet(), false) }},
	} {
		t.Run(name, func(t *testing.T) { trapTest(t, c.why, c.body) })
	}
}

// A set cannot go while a task waits on it, and what a synchronous call waits for stays where
// it is.
func TestWhatIsWaitedForStays(t *testing.T) {
	for name, c := range map[string]struct {
		why         string
		waits, then func(g *guest, h *uint64)
	}{
		"drop of a set that is waited on": {"that a task waits on",
			func(g *guest, h *uint64) { *h = g.newSet(); g.wait(*h, false) },
			func(g *guest, h *uint64) { g.dropSet(*h) }},
		"join of an end in a synchronous read": {"that a synchronous call waits for",
			func(g *guest, h *uint64) {
				*h, _ = g.newChannel(g.c.w.stream(""))
				g.readSync(g.c.w.stream(""), *h, 0, 1)
			},
			func(g *guest, h *uint64) { g.join(*h, g.newSet()) }},
		"leaving a set during a synchronous read": {"that a synchronous call waits for",
			func(g *guest, h *uint64) {
				*h, _ = g.newChannel(g.c.w.stream(""))
				g.readSync(g.c.w.stream(""), *h, 0, 1)
			},
			func(g *guest, h *uint64) { g.join(*h, 0) }},
		"cancellation of a synchronous read": {"could be cancelled",
			func(g *guest, h *uint64) {
				*h, _ = g.newChannel(g.c.w.stream(""))
				g.readSync(g.c.w.stream(""), *h, 0, 1)
			},
			func(g *guest, h *uint64) { g.cancelRead(g.c.w.stream(""), true, *h) }},
		"drop of an end in a synchronous read": {"read or write in progress",
			func(g *guest, h *uint64) {
				*h, _ = g.newChannel(g.c.w.stream(""))
				g.readSync(g.c.w.stream(""), *h, 0, 1)
			},
			func(g *guest, h *uint64) { g.dropReader(g.c.w.stream(""), *h) }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.cfg.NoDeadlock = true
			a := w.component("a", nil)
			var h uint64
			waits := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { c.waits(g, &h); g.ret(""); return 0 })
			then := a.stackful("async func()", func(g *guest, _ []uint64) uint64 { c.then(g, &h); g.ret(""); return 0 })
			w.start()
			p := w.begin(waits)
			w.traps(c.why, then)
			if _, err := p.result(); err == nil {
				t.Error("the call that waited has a result")
			}
		})
	}
}

// Moving a waitable with an event from set to set costs the host nothing that lasts.
func TestMovingWaitablesTakesNoMemory(t *testing.T) {
	guestTest(t, func(g *guest, _ *component) {
		st := g.c.w.stream("")
		r, wr := g.newChannel(st)
		other, _ := g.newChannel(st)
		g.read(st, r, 0, 1)
		g.dropWriter(st, wr) // r has an event
		first := g.newSet()
		g.join(other, first)
		s1, s2 := g.newSet(), g.newSet()
		for range 2_000 {
			g.join(r, s1)
			g.join(r, s2)
		}
		for _, s := range []uint64{s1, s2} {
			e, err := g.s.tree.insts[g.c.n].handles.Get(uint32(s), 0)
			if err != nil {
				t.Fatal(err)
			}
			if n := len(e.Obj.(*WaitableSet).events); n > 100 {
				t.Errorf("a set has %d entries for one waitable", n)
			}
		}
	})
}
