package pool

import (
	"slices"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/internal/alarm"
)

// member is one instance.
type member struct {
	p     *Pool
	inst  Instance
	uses  int  // callers that it has had
	users int  // callers that it has
	tasks int  // guest tasks that have not ended
	gone  bool // ends: takes no callers
	done  bool // takes no more callers
	alone bool // a fresh instance
	left  bool // is one that has ended; guarded by the line's mutex

	retired error // what is wrong with it: it ends when its callers have gone

	requests, concurrent int           // that it may have
	idle                 time.Duration // for which it may be

	comes    atomic.Int32 // callers whose first call has not got so far as to wait or end
	taskOver func()       // taskEnded, made once

	alarm alarm.Alarm
	until time.Time // when the instance ends, which was left alone; zero if it is not
	why   error     // to end it with then
}

func (m *member) hasRoom() bool {
	return !m.gone && !m.done && m.users < m.concurrent && m.uses < m.requests
}

// isFree reports whether a caller's guest code would run at once.
func (m *member) isFree() bool { return m.hasRoom() && m.comes.Load() == 0 && !m.inst.Busy() }

func (m *member) join() {
	m.p.patience.served = true
	m.uses++
	m.users++
	m.comes.Add(1)
	m.until = time.Time{}
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
	case m.tasks == 0 && (used || m.p.hasOthers()):
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
	m.until, m.why = time.Now().Add(d), err
	m.alarm.Set(m.until, m)
}

// Expire implements alarm.Expirer.
func (m *member) Expire() {
	m.p.mu.Lock()
	var end error
	if m.alarm.Due(m.until, m) {
		end = m.end(m.why)
	}
	m.p.mu.Unlock()
	m.kill(end)
}

// stop forgets the timer of an instance that ends.
func (m *member) stop() {
	m.until = time.Time{}
	m.alarm.Stop()
}

// retire takes the instance out of those that callers are placed on.
func (m *member) retire() {
	if i := slices.Index(m.p.shared, m); i >= 0 {
		m.p.shared = slices.Delete(m.p.shared, i, i+1)
	}
}
