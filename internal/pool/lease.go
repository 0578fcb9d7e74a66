package pool

import (
	"context"
	"sync/atomic"

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
