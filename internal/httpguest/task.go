package httpguest

import (
	"context"
	"sync"
	"time"
)

// A Trap is the panic of a guest that has broken a rule, or called a host function that ended it.
type Trap struct{ Err error }

// Task is one call of a guest's function, or a thread that the guest has started. Its methods
// are for use by that function.
type Task struct {
	*Instance
	Ctx   context.Context
	yield func() // called once, before the task waits for the first time
}

// Start runs f as a task and returns when it has ended, waits, or has used up a Slice. ended is
// called with why it was trapped, or nil.
func (in *Instance) Start(ctx context.Context, f func(*Task), ended func(error)) {
	back := make(chan struct{})
	t := &Task{Instance: in, Ctx: ctx, yield: sync.OnceFunc(func() { close(back) })}
	go func() {
		defer t.yield()
		ended(t.run(f))
	}()
	var over <-chan time.Time
	if in.Slice > 0 {
		over = time.After(in.Slice)
	}
	select {
	case <-back:
	case <-over:
	}
}

// Go runs f as another thread of the guest, which has its turn when this one waits. The channel
// gets why it was trapped, or nil.
func (t *Task) Go(f func(*Task)) <-chan error {
	ended := make(chan error, 1)
	go func() { ended <- t.Instance.Run(t.Ctx, f) }()
	return ended
}

// Run runs f as a task and returns why it was trapped, or nil.
func (in *Instance) Run(ctx context.Context, f func(*Task)) error {
	t := &Task{Instance: in, Ctx: ctx, yield: func() {}}
	return t.run(f)
}

func (t *Task) run(f func(*Task)) (err error) {
	t.drive.Lock()
	defer t.drive.Unlock()
	defer func() {
		r := recover()
		if trap, ok := r.(Trap); ok {
			err = trap.Err
			t.end(err)
		} else if r != nil {
			panic(r)
		}
	}()
	t.check()
	f(t)
	return nil
}

func (t *Task) check() {
	if t.dead != nil {
		panic(Trap{t.dead})
	}
}

// Wait lets others run until ready returns true.
func (t *Task) Wait(ready func() bool) {
	for {
		t.wakes.Lock()
		seq := t.seq
		t.wakes.Unlock()
		if ready() {
			return
		}
		t.drive.Unlock()
		t.yield()
		t.wakes.Lock()
		for t.seq == seq {
			t.woken.Wait()
		}
		t.wakes.Unlock()
		t.drive.Lock()
		t.check()
	}
}

// Off runs f while others of the instance may run: it must not use the task.
func (t *Task) Off(f func()) {
	t.drive.Unlock()
	t.yield()
	f()
	t.drive.Lock()
	t.check()
}
