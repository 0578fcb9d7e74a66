package canon

import "github.com/spinhost/spin/internal/stack"

// message is something that another goroutine, or the host, wants done on the driver.
type message interface{ deliver(t *Tree) }

type messageFunc func(t *Tree)

func (f messageFunc) deliver(t *Tree) { f(t) }

// post puts a message into the mailbox. If nobody drives the tree, a goroutine is started
// that does.
func (t *Tree) post(m message) {
	if t.put(m) {
		t.loopElsewhere()
	}
}

// put adds m to the mailbox and reports whether the caller has become the driver. While the
// tree is frozen messages wait: only a kick concerns it.
func (t *Tree) put(m message) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if m == nil {
		t.kicked = true
	}
	if t.driving.Load() || t.frozen != nil && !t.kicked {
		if m != nil {
			t.inbox = append(t.inbox, m)
		}
		return false
	}
	t.driving.Store(true)
	if len(t.inbox) > 0 && m != nil {
		t.inbox = append(t.inbox, m)
	} else {
		t.first = m
	}
	return true
}

// goal is what a driver wants to come about.
type goal interface{ reached() bool }

type goalFunc func() bool

func (f goalFunc) reached() bool { return f() }

// drive puts m into the mailbox, or kicks if it is nil, and then, if nobody else does,
// drives the tree on this goroutine until there is nothing to do. With a goal it also ends when
// that is reached, and does not keep the goroutine for longer than a time slice: another goes
// on. It reports whether this goroutine has been the driver until then.
func (t *Tree) drive(m message, g goal) bool {
	return t.put(m) && t.loop(g)
}

// kick makes the driver look again at what it waits for.
func (t *Tree) kick() { t.post(nil) }

// Do runs f on the driver, which is this goroutine if nobody else drives.
func (t *Tree) Do(f func(*Tree)) { t.drive(messageFunc(f), nil) }

// Kill ends the tree with err: on this goroutine if nobody drives it, else as soon as its
// guest code yields. It may be called from any goroutine.
func (t *Tree) Kill(err error) {
	t.killed.CompareAndSwap(nil, &killing{err})
	t.drive(nil, nil)
}

// Driven reports whether somebody drives the tree, which is to say that its guest code runs
// or is about to. It may be called from any goroutine.
func (t *Tree) Driven() bool {
	return t.driving.Load()
}

// loop is the driver. Nothing of it ever runs below a guest's frame. It returns false if
// another goroutine drives from the beginning.
func (t *Tree) loop(g goal) bool {
	switch {
	case g == nil:
		t.core.Begin()
	case !t.core.TryBegin():
		t.loopElsewhere()
		return false
	}
	defer t.core.End()
	for {
		if k := t.killed.Load(); k != nil {
			t.die(k.err)
		}
		if t.dead != nil && !t.buried {
			t.bury()
		}
		if g != nil && (g.reached() || t.frozen != nil && t.frozen.wait == waitSlice) {
			t.handOver()
			return true
		}
		if !t.turn() && t.rest() {
			return true
		}
	}
}

// loopElsewhere has a goroutine of its own go on as the driver.
func (t *Tree) loopElsewhere() {
	go func() {
		stack.Grow()
		t.loop(nil)
	}()
}

// turn does the next thing there is to do and reports whether there was one. Code of the
// host that panics ends the tree.
func (t *Tree) turn() (more bool) {
	defer func() {
		if r := recover(); r != nil {
			t.die(panicked(r))
			more = true
		}
	}()
	if t.frozen != nil {
		if !t.frozen.ready() {
			return false
		}
		t.thaw()
		return true
	}
	if t.deliver() {
		return true
	}
	if th := t.ready.take(t.order); th != nil {
		th.queued = false
		t.resume(th)
		return true
	}
	return t.checkDeadlock()
}

// deliver handles the oldest message; it reports whether there was one.
func (t *Tree) deliver() bool {
	if m := t.first; m != nil {
		t.first = nil
		m.deliver(t)
		return true
	}
	t.mu.Lock()
	if len(t.inbox) == 0 {
		t.mu.Unlock()
		return false
	}
	m := t.inbox[0]
	t.inbox[0] = nil
	if t.inbox = t.inbox[1:]; len(t.inbox) == 0 {
		t.inbox = t.mail[:0]
	}
	t.mu.Unlock()
	m.deliver(t)
	return true
}

// rest stops driving unless there is something new to do.
func (t *Tree) rest() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.kicked || t.frozen == nil && len(t.inbox) > 0 {
		t.kicked = false
		return false
	}
	t.rests++
	t.load = Load{t.handles, len(t.fibers), t.running}
	t.driving.Store(false)
	return true
}

// handOver lets another goroutine go on driving, if there may be something to do.
func (t *Tree) handOver() {
	more := t.dead != nil && !t.buried || t.first != nil
	if t.frozen != nil {
		more = more || t.canThaw()
	} else {
		more = more || t.ready.n > 0
	}
	if more || !t.rest() {
		t.loopElsewhere()
	}
}

// canThaw reports whether the frozen thread can go on, or the tree has ended because the
// host's code panics that is asked.
func (t *Tree) canThaw() (yes bool) {
	defer func() {
		if r := recover(); r != nil {
			t.die(panicked(r))
			yes = true
		}
	}()
	return t.frozen.ready()
}

// enqueue puts th into the ready queue, if it is not there. Whether it can really go on is
// looked at when its turn comes.
func (t *Tree) enqueue(th *Thread) {
	if th != nil && !th.queued {
		th.queued = true
		t.ready.push(th)
	}
}

// resume lets th go on if what it waits for has come.
func (t *Tree) resume(th *Thread) {
	if !th.ready() {
		switch {
		case th.wait == waitEnter:
			th.task.inst.wakeEntering() // perhaps another can
		case th.blockedByLock():
			th.waited()
			th.task.inst.wantLock(th)
		}
		return
	}
	th.task.inst.enterFrom(nil)
	if t.step(th) == ran {
		th.task.inst.leaveTo(nil)
	}
}

// thaw goes on with the frozen thread. When it blocks or ends, control returns to the call
// that it had cut short, and so on outwards.
func (t *Tree) thaw() {
	th := t.frozen
	t.frozen, t.scope, t.depth = nil, th.scope, th.nested()
	defer func() { t.scope, t.depth = nil, 0 }()
	if th.wait == waitHost && t.rests != t.frozenAt {
		for x := th; x != nil; x = x.caller {
			x.waited()
		}
	}
	r := t.step(th)
	for r == ran && t.dead == nil {
		th = t.last
		inst, caller := th.task.inst, th.caller
		th.caller = nil
		if t.holds() && (caller == nil || caller.wait != waitReturn) {
			t.hold(caller)
			break
		}
		if caller == nil {
			t.scope = nil
			if th.starts() {
				t.started()
			} else {
				inst.leaveTo(nil)
			}
			return
		}
		inst.leaveTo(caller.callsFrom())
		if t.scope = caller.scope; caller.wait == waitReturn {
			r = t.held(caller)
			continue
		}
		t.depth--
		caller.wait = running
		r = t.complete(caller)
	}
}

// nested returns how many calls lead to th, which has cut them short.
func (th *Thread) nested() (n int) {
	for x := th.caller; x != nil; x = x.caller {
		if x.wait != waitReturn {
			n++
		}
	}
	return n
}

// checkDeadlock traps a tree in which every task waits and nobody is left to wake one, if the
// host waits for one of them. Else another call may wake them.
func (t *Tree) checkDeadlock() bool {
	if t.tasks == 0 || t.waits > 0 || t.cfg.NoDeadlock || t.dead != nil {
		return false
	}
	for c := t.calls; c != nil; c = c.next {
		if c.awaited() {
			t.die(ErrDeadlock)
			return true
		}
	}
	return false
}
