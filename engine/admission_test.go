package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
)

func one(n int) need { return need{memories: n, tables: n, instances: n, stacks: n} }

// queued waits until n applicants wait.
func queued(a *admission, n int) {
	for {
		a.mu.Lock()
		got := len(a.queue)
		a.mu.Unlock()
		if got == n {
			return
		}
		runtime.Gosched()
	}
}

func (a *admission) usage() need {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.used
}

// applying asks for room on a goroutine and sends the outcome under a name.
func applying(a *admission, ctx context.Context, n need, name string, out chan<- string) {
	go func() {
		if err := a.admit(ctx, n); err != nil {
			name += " refused"
		}
		out <- name
	}()
}

func TestAdmissionIsFirstComeFirstServed(t *testing.T) {
	a := &admission{room: one(2), max: 10}
	ctx := context.Background()
	if err := a.admit(ctx, one(2)); err != nil {
		t.Fatal(err)
	}
	out := make(chan string)
	for i := range 4 {
		applying(a, ctx, one(1), fmt.Sprint(i), out)
		queued(a, i+1)
	}
	for i := range 4 {
		a.leave(one(1))
		if got := <-out; got != fmt.Sprint(i) {
			t.Errorf("%s came in as number %d", got, i)
		}
	}
	a.leave(one(2))
	if a.usage() != (need{}) {
		t.Errorf("%+v is still taken", a.usage())
	}
}

// Who needs much is not overtaken by those who need little: else it might wait for ever.
func TestAdmissionDoesNotStarveTheLarge(t *testing.T) {
	a := &admission{room: one(4), max: 10}
	ctx := context.Background()
	if err := a.admit(ctx, one(3)); err != nil {
		t.Fatal(err)
	}
	out := make(chan string, 2)
	applying(a, ctx, one(4), "large", out)
	queued(a, 1)
	applying(a, ctx, one(1), "small", out)
	queued(a, 2) // although there is room for it
	a.leave(one(3))
	if got := <-out; got != "large" {
		t.Errorf("%s was first", got)
	}
	a.leave(one(4))
	if got := <-out; got != "small" {
		t.Errorf("%s was second", got)
	}
}

func TestAdmissionWithdraws(t *testing.T) {
	a := &admission{room: one(1), max: 10}
	if err := a.admit(context.Background(), one(1)); err != nil {
		t.Fatal(err)
	}
	why := errors.New("the client has left")
	ctx, cancel := context.WithCancelCause(context.Background())
	done := make(chan error)
	go func() { done <- a.admit(ctx, one(1)) }()
	queued(a, 1)
	out := make(chan string)
	applying(a, context.Background(), one(1), "patient", out)
	queued(a, 2)
	cancel(why)
	if err := <-done; !errors.Is(err, ErrBusy) || !errors.Is(err, why) {
		t.Errorf("got %v", err)
	}
	queued(a, 1)
	a.leave(one(1))
	if got := <-out; got != "patient" {
		t.Error(got)
	}
	a.leave(one(1))
	if a.usage() != (need{}) {
		t.Errorf("%+v is still taken", a.usage())
	}
}

// There may be room for those who wait behind somebody who needs more, once that one leaves.
func TestAdmissionServesThoseBehindOneWhoLeaves(t *testing.T) {
	a := &admission{room: one(2), max: 10}
	if err := a.admit(context.Background(), one(1)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	out := make(chan string)
	applying(a, ctx, one(2), "large", out)
	queued(a, 1)
	applying(a, context.Background(), one(1), "small", out)
	queued(a, 2)
	cancel()
	if first, second := <-out, <-out; first+second != "large refusedsmall" && first+second != "smalllarge refused" {
		t.Errorf("%s, %s", first, second)
	}
	if a.usage() != one(2) || a.contended() {
		t.Errorf("%+v is taken, somebody waits: %v", a.usage(), a.contended())
	}
}

// Who waits has room made as long as there is something to make it of, and no longer than needed.
func TestAdmissionReclaims(t *testing.T) {
	for _, tt := range []struct{ idle, need, calls, idleAfter int }{
		{3, 1, 1, 2},
		{3, 2, 2, 1},
		{0, 1, 1, 0}, // it waits
		{1, 2, 2, 0}, // it waits
	} {
		a := &admission{room: one(4), max: 10}
		if err := a.admit(context.Background(), one(4)); err != nil {
			t.Fatal(err)
		}
		idle, calls := tt.idle, 0
		a.reclaim = func() bool {
			calls++
			if !a.contended() {
				t.Error("called before anybody waits")
			}
			if idle == 0 {
				return false
			}
			idle--
			a.leave(one(1))
			return true
		}
		ctx, cancel := context.WithCancel(context.Background())
		out := make(chan string)
		if tt.idle < tt.need {
			applying(a, ctx, one(tt.need), "waiting", out)
			queued(a, 1)
			cancel()
			<-out
		} else if err := a.admit(ctx, one(tt.need)); err != nil {
			t.Error(err)
		}
		cancel()
		if calls != tt.calls || idle != tt.idleAfter || a.contended() {
			t.Errorf("%+v: %d calls, %d are idle, somebody waits: %v", tt, calls, idle, a.contended())
		}
	}
}

// Room that is granted to somebody who leaves at that moment goes to the next.
func TestAdmissionGrantsAndWithdrawalsRace(t *testing.T) {
	a := &admission{room: one(1), max: 1000}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				ctx, cancel := context.WithCancel(context.Background())
				go cancel()
				if a.admit(ctx, one(1)) == nil {
					a.leave(one(1))
				}
			}
		})
	}
	wg.Wait()
	if a.usage() != (need{}) || len(a.queue) != 0 {
		t.Errorf("%+v is still taken, %d wait", a.usage(), len(a.queue))
	}
}

func TestAdmissionRefuses(t *testing.T) {
	a := &admission{room: need{memories: 4, tables: 1, instances: 4, stacks: 4}, max: 1}
	// what can never fit is not made to wait
	if err := a.admit(context.Background(), one(2)); !errors.Is(err, ErrBusy) || a.usage() != (need{}) {
		t.Errorf("got %v", err)
	}
	if err := a.admit(context.Background(), one(1)); err != nil {
		t.Fatal(err)
	}
	out := make(chan string)
	applying(a, context.Background(), one(1), "queued", out)
	queued(a, 1)
	// nor is anybody while the queue is full
	if err := a.admit(context.Background(), one(1)); !errors.Is(err, ErrBusy) {
		t.Errorf("got %v", err)
	}
	a.leave(one(1))
	if got := <-out; got != "queued" {
		t.Error(got)
	}
}
