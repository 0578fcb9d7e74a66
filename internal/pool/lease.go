package pool

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// lease is one caller's use of an instance. It implements trigger.Instance.
type lease struct {
	m        *member
	begun    atomic.Bool // the first call has got so far as to wait or end, or there is none
	released atomic.Bool
}

// begin notes that the instance need no longer be kept free for this caller.
func (l *lease) begin() {
	if !l.begun.Swap(true) {
		l.m.comes.Add(-1)
	}
}

// goesOn notes the same after the first call, and lets those who wait have the instance.
func (l *lease) goesOn() {
	l.begin()
	if l.m.alone {
		l.m.p.line.waits()
	} else if p := l.m.p; p.queue.Load() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.serveWaiting()
	}
}

// Start implements trigger.Instance.
func (l *lease) Start(ctx context.Context, f trigger.Func, inv abi.Invocation) trigger.Call {
	m := l.m
	m.p.mu.Lock()
	m.tasks++
	m.p.mu.Unlock()
	defer l.goesOn()
	return m.inst.Start(ctx, f, inv, m.taskOver)
}

// Release implements trigger.Instance. Only the first call counts.
func (l *lease) Release() {
	m := l.m
	if l.released.Swap(true) {
		return
	}
	m.p.mu.Lock()
	m.users--
	l.begin()
	if !m.alone {
		m.p.near.Put(m)
	}
	end := m.settle()
	m.p.serveWaiting()
	m.p.mu.Unlock()
	m.kill(end)
}

// Kill implements trigger.Instance. Nobody else is placed on the instance from now on.
func (l *lease) Kill(err error) {
	m := l.m
	m.p.mu.Lock()
	_ = m.end(err)
	m.p.serveWaiting()
	m.p.mu.Unlock()
	m.kill(err)
}

// Retire implements trigger.Instance.
func (l *lease) Retire(err error) {
	m := l.m
	if m.alone {
		l.Kill(err)
		return
	}
	m.p.mu.Lock()
	defer m.p.mu.Unlock()
	m.done = true
	if m.retired == nil {
		m.retired = err
	}
	m.retire()
	m.p.serveWaiting()
}

// taskEnded is called by the engine when a task of the instance has ended.
func (m *member) taskEnded() {
	m.p.mu.Lock()
	m.tasks--
	end := m.settle()
	m.p.mu.Unlock()
	m.kill(end)
}

// ended is called by the engine when the instance has ended.
func (m *member) ended() {
	m.p.mu.Lock()
	defer m.p.mu.Unlock()
	m.stop()
	m.gone = true
	m.retire()
	if m.alone {
		m.p.line.leave(m)
	}
	m.p.live--
	m.p.serveWaiting()
	m.p.checkEmpty()
}

// kill ends the instance if there is a reason. The pool must not be locked.
func (m *member) kill(reason error) {
	if reason != nil {
		m.inst.Kill(reason)
	}
}

// settle decides what becomes of an instance after a change: it may be used up, idle, or
// left alone with a guest that goes on. It returns why it is to be killed, or nil.
func (m *member) settle() error {
	used := m.alone || m.done || m.uses >= m.requests || m.p.closed
	if used {
		m.retire()
	}
	switch {
	case m.users > 0 || m.gone:
	case m.retired != nil:
		return m.end(m.retired)
	case m.tasks == 0 && used:
		return m.end(m.p.cfg.Closed)
	case m.tasks == 0:
		m.after(m.idle, m.p.cfg.Closed)
	default:
		m.after(m.p.cfg.Tail, ErrTail)
	}
	return nil
}

// end takes no more callers, and returns err for kill.
func (m *member) end(err error) error {
	m.stop()
	m.gone = true
	m.retire()
	return err
}

// after ends the instance when d has passed, unless a caller comes or a task ends before.
func (m *member) after(d time.Duration, err error) {
	m.since, m.wait, m.why = time.Now(), d, err
	if m.due.IsZero() || m.since.Add(d).Before(m.due) {
		m.arm(d)
	}
}

// arm has expire called in d.
func (m *member) arm(d time.Duration) {
	if m.due = time.Now().Add(d); m.timer == nil {
		m.timer = time.AfterFunc(d, m.expire)
	} else {
		m.timer.Reset(d)
	}
}

// expire looks whether the instance has been left alone for long enough.
func (m *member) expire() {
	m.p.mu.Lock()
	m.due = time.Time{}
	var end error
	if !m.since.IsZero() && !m.gone {
		if left := m.wait - time.Since(m.since); left > 0 {
			m.arm(left)
		} else {
			end = m.end(m.why)
		}
	}
	m.p.mu.Unlock()
	m.kill(end)
}

// stop forgets the timer of an instance that ends.
func (m *member) stop() {
	m.since = time.Time{}
	if m.timer != nil {
		m.timer.Stop()
	}
}

// retire takes the instance out of those that callers are placed on.
func (m *member) retire() {
	if i := slices.Index(m.p.shared, m); i >= 0 {
		m.p.shared = slices.Delete(m.p.shared, i, i+1)
	}
}
