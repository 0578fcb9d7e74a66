package pool

import (
	"context"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// lease is one caller's use of an instance. It implements trigger.Instance.
type lease struct{ m *member }

// Start implements trigger.Instance.
func (l *lease) Start(ctx context.Context, f trigger.Func, inv abi.Invocation) trigger.Call {
	m := l.m
	m.p.mu.Lock()
	m.tasks++
	m.p.mu.Unlock()
	return m.inst.Start(ctx, f.(*engine.Func), inv, m.taskEnded)
}

// Release implements trigger.Instance.
func (l *lease) Release() {
	m := l.m
	m.p.mu.Lock()
	m.users--
	end := m.settle()
	m.p.serveWaiting()
	m.p.mu.Unlock()
	m.kill(end)
}

// Kill implements trigger.Instance.
func (l *lease) Kill(err error) { l.m.inst.Kill(err) }

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
	m.stopTimer()
	m.gone = true
	m.retire()
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
	used := m.alone || m.uses >= m.p.cfg.Requests || m.p.closed
	if used {
		m.retire()
	}
	switch {
	case m.users > 0 || m.gone:
	case m.tasks == 0 && used:
		return m.end(engine.ErrClosed)
	case m.tasks == 0:
		m.after(m.p.cfg.Idle, engine.ErrClosed)
	default:
		m.after(m.p.cfg.Tail, ErrTail)
	}
	return nil
}

// end takes no more callers, and returns err for kill.
func (m *member) end(err error) error {
	m.stopTimer()
	m.gone = true
	m.retire()
	return err
}

// after ends the instance when d has passed, unless a caller comes or a task ends before.
func (m *member) after(d time.Duration, err error) {
	m.stopTimer()
	var t *time.Timer
	t = time.AfterFunc(d, func() {
		m.p.mu.Lock()
		var end error
		if m.timer == t && m.users == 0 && !m.gone {
			end = m.end(err)
		}
		m.p.mu.Unlock()
		m.kill(end)
	})
	m.timer = t
}

// retire takes the instance out of those that callers are placed on.
func (m *member) retire() {
	for i, x := range m.p.shared {
		if x == m {
			m.p.shared = append(m.p.shared[:i], m.p.shared[i+1:]...)
			break
		}
	}
}
