package canon

import "testing"

// gate is a future on which several callees of a test wait; whoever makes it opens it.
type gate struct {
	ch   channelType
	r, w uint64
}

func (g *guest) newGate() gate {
	ch := g.c.w.future("")
	r, w := g.newChannel(ch)
	return gate{ch, r, w}
}

func (g *guest) open(x gate) { g.release(x.ch, x.w) }

func TestSubtasks(t *testing.T) {
	for name, body := range map[string]func(g *guest, other *component){
		"states of a call that has to wait": func(g *guest, other *component) {
			fut := g.c.w.future("")
			pressure := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.pressureInc()
				g.ret("")
				g.readSync(fut, a[0], 0, 0)
				g.pressureDec()
				return 0
			}), true)
			started := 0
			op := g.c.lower(other.stackful("async func(f:future,x:u32)->u32", func(g *guest, a []uint64) uint64 {
				started++
				g.readSync(fut, a[0], 0, 0)
				g.ret("u32", a[1]+1)
				return 0
			}), true)
			r1, w1 := g.newChannel(fut)
			r2, w2 := g.newChannel(fut)
			g.want("status of the first", g.call(pressure, r1), uint64(subtaskReturned))
			at := g.new(4, 4)
			g.putU32(at, 99)
			state, sub := status(g.call(op, r2, 7, at))
			g.want("state under pressure", uint64(state), uint64(subtaskStarting))
			g.want("started", uint64(started), 0)
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.poll(s, false), eventNone, 0, 0)
			g.release(fut, w1)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, uint64(subtaskStarted))
			g.want("result before the return", g.u32(at), 99)
			g.release(fut, w2)
			g.wantEvent(g.wait(s, false), eventSubtask, sub, uint64(subtaskReturned))
			g.want("result", g.u32(at), 8)
			g.dropSubtask(sub)
			g.dropSet(s)
		},
		"an event says what holds when it is delivered": func(g *guest, other *component) {
			fut := g.c.w.future("")
			pressure := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.pressureInc()
				g.ret("")
				g.readSync(fut, a[0], 0, 0)
				g.pressureDec()
				return 0
			}), true)
			op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.yield(false); g.ret(""); return 0 }), true)
			r, wr := g.newChannel(fut)
			g.call(pressure, r)
			_, sub := status(g.call(op))
			g.release(fut, wr)
			for range 8 {
				g.yield(false)
			}
			s := g.newSet()
			g.join(sub, s)
			g.wantEvent(g.poll(s, false), eventSubtask, sub, uint64(subtaskReturned))
			g.wantEvent(g.poll(s, false), eventNone, 0, 0)
		},
		"arguments are read when the callee starts": func(g *guest, other *component) {
			fut := g.c.w.future("")
			pressure := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.pressureInc()
				g.ret("")
				g.readSync(fut, a[0], 0, 0)
				g.pressureDec()
				return 0
			}), true)
			var got string
			op := g.c.lower(other.stackful("async func(s:string)", func(g *guest, a []uint64) uint64 {
				got = g.text(a[0], a[1])
				g.ret("")
				return 0
			}), true)
			r, wr := g.newChannel(fut)
			g.call(pressure, r)
			p, n := g.str("early")
			_, sub := status(g.call(op, p, n))
			g.fill(p, "later")
			g.release(fut, wr)
			s := g.newSet()
			g.join(sub, s)
			g.wait(s, false)
			if got != "later" {
				g.c.w.tb.Errorf("callee got %q", got)
			}
		},
		"one handle for each call, reused": func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub1, w1 := call() // the future's ends have 1 and 2, 1 is passed on
			g.want("index", sub1, 1)
			sub2, w2 := call()
			g.release(fut, w1)
			s := g.newSet()
			g.join(sub1, s)
			g.wait(s, false)
			g.dropSubtask(sub1)
			sub3, w3 := call()
			g.release(fut, w3)
			g.release(fut, w2)
			for _, sub := range []uint64{sub2, sub3} {
				g.join(sub, s)
				g.wait(s, false)
				g.dropSubtask(sub)
			}
		},
		"a call that is over at once makes no handle": func(g *guest, other *component) {
			op := g.c.lower(other.callback("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); return exit }, never), true)
			for range 3 {
				g.want("status", g.call(op), uint64(subtaskReturned))
			}
			g.want("next handle", g.newSet(), 1)
		},
		"a callee that goes on after its return": func(g *guest, other *component) {
			fut := g.c.w.future("")
			done := false
			op := g.c.lower(other.stackful("async func(f:future)", func(g *guest, a []uint64) uint64 {
				g.ret("")
				g.readSync(fut, a[0], 0, 0)
				done = true
				return 0
			}), true)
			r, wr := g.newChannel(fut)
			g.want("status", g.call(op, r), uint64(subtaskReturned))
			g.release(fut, wr)
			g.yield(false)
			if !done {
				g.c.w.tb.Error("the callee did not go on")
			}
		},
		"a synchronous call waits until its callee has returned, not until it has ended": func(g *guest, other *component) {
			fut := g.c.w.future("")
			op := g.c.lower(other.stackful("async func(f:future)->u32", func(g *guest, a []uint64) uint64 {
				g.yield(false)
				g.ret("u32", 5)
				g.readSync(fut, a[0], 0, 0)
				return 0
			}), false)
			r, wr := g.newChannel(fut)
			g.want("result", g.call(op, r), 5)
			g.release(fut, wr)
		},
	} {
		t.Run(name, func(t *testing.T) { guestTest(t, body) })
	}
}

func TestSubtaskTraps(t *testing.T) {
	for name, c := range map[string]struct {
		why  string
		body func(g *guest, other *component)
	}{
		"drop of no handle":         {"unknown handle index 4", func(g *guest, _ *component) { g.dropSubtask(4) }},
		"drop of something else":    {"not a subtask", func(g *guest, _ *component) { g.dropSubtask(g.newSet()) }},
		"cancellation of no handle": {"unknown handle index 4", func(g *guest, _ *component) { g.cancelSubtask(4, true) }},
		"cancellation of a set":     {"not a subtask", func(g *guest, _ *component) { g.cancelSubtask(g.newSet(), true) }},
		"drop before it has resolved": {"not yet resolved", func(g *guest, other *component) {
			call, _ := g.parked(other)
			sub, _ := call()
			g.dropSubtask(sub)
		}},
		"drop before its resolution is delivered": {"not yet resolved", func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			g.yield(false)
			g.dropSubtask(sub)
		}},
		"drop twice": {"unknown handle index", func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			g.yield(false)
			g.cancelSubtask(sub, true)
			g.dropSubtask(sub)
			g.dropSubtask(sub)
		}},
		"cancellation after the resolution was delivered": {"already resolved", func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			s := g.newSet()
			g.join(sub, s)
			g.wait(s, false)
			g.cancelSubtask(sub, true)
		}},
		"second cancellation": {"twice", func(g *guest, other *component) {
			call, _ := g.parked(other)
			sub, _ := call()
			g.want("cancel", g.cancelSubtask(sub, true), blocked)
			g.cancelSubtask(sub, true)
		}},
		"synchronous cancellation in a set": {"in a waitable set", func(g *guest, other *component) {
			call, _ := g.parked(other)
			sub, _ := call()
			g.join(sub, g.newSet())
			g.cancelSubtask(sub, false)
		}},
		"synchronous cancellation in a set of one that has resolved": {"in a waitable set", func(g *guest, other *component) {
			call, fut := g.parked(other)
			sub, wr := call()
			g.release(fut, wr)
			g.yield(false)
			g.join(sub, g.newSet())
			g.cancelSubtask(sub, false)
		}},
		"callee that traps": {"guest: ouch", func(g *guest, other *component) {
			g.call(g.c.lower(other.lift("func()", func(g *guest, _ []uint64) uint64 { g.trap("ouch"); return 0 }), false))
		}},
		"callee that traps later": {"guest: ouch", func(g *guest, other *component) {
			op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.yield(false); g.trap("ouch"); return 0 }), true)
			_, sub := status(g.call(op))
			s := g.newSet()
			g.join(sub, s)
			g.wait(s, false)
		}},
	} {
		t.Run(name, func(t *testing.T) { trapTest(t, c.why, c.body) })
	}
}

// A synchronous function, and what it calls, may not block before it has returned.
func TestSynchronousTasksDoNotBlock(t *testing.T) {
	const cannot = "cannot block a synchronous task before returning"
	for name, c := range map[string]struct {
		why  string // "" if it is allowed
		body func(g *guest, other *component)
	}{
		"wait": {cannot, func(g *guest, _ *component) { g.wait(g.newSet(), false) }},
		"wait with an event": {"", func(g *guest, _ *component) {
			st := g.c.w.stream("")
			r, wr := g.newChannel(st)
			g.read(st, r, 0, 1)
			g.dropWriter(st, wr)
			s := g.newSet()
			g.join(r, s)
			g.wantEvent(g.wait(s, false), eventStreamRead, r, dropped(0))
		}},
		"poll":  {"", func(g *guest, _ *component) { g.poll(g.newSet(), false) }},
		"yield": {"", func(g *guest, _ *component) { g.want("yield", g.yield(true), 0) }},
		"synchronous read": {cannot, func(g *guest, _ *component) {
			st := g.c.w.stream("")
			r, _ := g.newChannel(st)
			g.readSync(st, r, 0, 1)
		}},
		"synchronous write": {cannot, func(g *guest, _ *component) {
			st := g.c.w.stream("")
			_, wr := g.newChannel(st)
			g.writeSync(st, wr, 0, 1)
		}},
		"synchronous read of what is there": {"", func(g *guest, _ *component) {
			st := g.c.w.stream("")
			r, wr := g.newChannel(st)
			g.write(st, wr, 0, 3)
			g.want("read", g.readSync(st, r, 0, 2), completed(2))
		}},
		"call that blocks": {cannot, func(g *guest, other *component) {
			g.call(g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.yield(false); g.ret(""); return 0 }), false))
		}},
		"call that returns and then blocks": {"", func(g *guest, other *component) {
			g.call(g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 { g.ret(""); g.yield(false); return 0 }), false))
		}},
		"asynchronous call that blocks": {"", func(g *guest, other *component) {
			call, fut := g.parked(other)
			_, wr := call()
			g.release(fut, wr)
		}},
		"synchronous cancellation that blocks": {cannot, func(g *guest, other *component) {
			call, _ := g.parked(other)
			sub, _ := call()
			g.cancelSubtask(sub, false)
		}},
		"synchronous cancellation of a callee that takes its time": {cannot, func(g *guest, other *component) {
			op := g.c.lower(other.stackful("async func()", func(g *guest, _ []uint64) uint64 {
				g.wait(g.newSet(), true)
				g.yield(false)
				g.cancelled()
				return 0
			}), true)
			_, sub := status(g.call(op))
			g.cancelSubtask(sub, false)
		}},
		"synchronous cancellation of a callee that obeys": {"", func(g *guest, other *component) {
			_, sub := status(g.call(g.c.lower(cancellable(other)["WAIT"], true)))
			g.want("answer", g.cancelSubtask(sub, false), isCancelledLater)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			for _, slicing := range slicings {
				w := newWorld(t)
				a, b := w.component("a", nil), w.component("b", nil)
				l := a.lift("func()", func(g *guest, _ []uint64) uint64 { c.body(g, b); return 0 })
				w.start().slice = slicing()
				if c.why == "" {
					w.must(l)
				} else {
					w.traps(c.why, l)
				}
			}
		})
	}
}
