package engine_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/internal/leaktest"
)

// A trap says what happened and where, innermost function first, and is the end of the
// instance, but not of others.
func TestTrapSaysWhere(t *testing.T) {
	leaktest.Check(t)
	h := newGuestHost()
	p := guestProgram(t, newRuntime(t), h)
	i, other := instantiate(t, p), instantiate(t, p)
	_, err := call(t, i, "boom")
	var trap *engine.TrapError
	if !errors.As(err, &trap) || !errors.Is(err, engine.ErrTrap) || errors.Is(err, engine.ErrTimeout) {
		t.Fatalf("got %#v", err)
	}
	var names []string
	for _, f := range trap.Frames {
		if f.Module != "main" || f.Offset == 0 {
			t.Errorf("frame %+v", f)
		}
		names = append(names, f.Func)
	}
	if got := strings.Join(names, " "); got != "innermost middle boom" {
		t.Errorf("frames %q", got)
	}
	if !strings.Contains(trap.Reason, "unreachable") || !strings.Contains(err.Error(), "at main!innermost (offset 0x") {
		t.Errorf("message %q", err)
	}
	<-i.Ended()
	if !errors.Is(i.Err(), engine.ErrTrap) || !errors.As(i.Err(), &trap) || len(trap.Frames) != 3 {
		t.Errorf("the instance has ended with %v", i.Err())
	}
	if _, err := call(t, i, "count"); !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), "cannot enter") {
		t.Error(err)
	}
	mustCall(t, other, uint32(1), "count")
}

func TestStackOverflow(t *testing.T) {
	i, _ := guestInstance(t, engine.InstanceConfig{})
	_, err := call(t, i, "recurse", uint32(0))
	var trap *engine.TrapError
	if !errors.As(err, &trap) || !strings.Contains(trap.Reason, "stack") || len(trap.Frames) == 0 {
		t.Fatal(err)
	}
	if lines := strings.Count(err.Error(), "\n"); lines > 20 {
		t.Errorf("the message has %d lines", lines)
	}
}

func TestComputeLimit(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{ComputeTime: 30 * time.Millisecond})
	mustCall(t, i, uint32(1), "count")
	_, err := call(t, i, "spin")
	var limit *engine.LimitError
	if !errors.Is(err, engine.ErrTimeout) || !errors.Is(err, engine.ErrTrap) || !errors.As(err, &limit) || limit.Limit != int64(30*time.Millisecond) || !errors.Is(err, engine.ErrLimit) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(err.Error(), "30ms") {
		t.Errorf("message %q", err)
	}
	<-i.Ended()
	if !errors.Is(i.Err(), engine.ErrTimeout) {
		t.Error(i.Err())
	}
}

// A guest that only computes does not keep others from running, however few may at once.
func TestSpinningGuestLeavesOthersATurn(t *testing.T) {
	leaktest.Check(t)
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, Running: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close(context.Background()) })
	p := guestProgram(t, rt, newGuestHost())
	spinner, other := instantiate(t, p), instantiate(t, p)
	done := make(chan error)
	go func() {
		_, err := call(t, spinner, "spin")
		done <- err
	}()
	eventually(t, "the guest's running", spinner.Busy)
	for n := range uint32(10) {
		mustCall(t, other, n+1, "count")
	}
	why := errors.New("enough")
	spinner.Kill(why)
	if err := <-done; !errors.Is(err, why) {
		t.Error(err)
	}
}

func TestMemoryLimit(t *testing.T) {
	// The guest has one memory of one page of 64 KiB; the limit leaves room for three.
	i, _ := guestInstance(t, engine.InstanceConfig{Memory: 3 << 16})
	for _, c := range []struct {
		pages uint32
		want  int32
	}{{0, 1}, {1, 1}, {2, -1}, {1, 2}, {1, -1}, {0, 3}, {1 << 16, -1}} {
		if got, err := call(t, i, "grow", c.pages); err != nil || got != c.want {
			t.Errorf("growing by %d pages: got %v, %v; want %d", c.pages, got, err, c.want)
		}
	}
	// Growing fails for the guest, which can go on: the limit is no trap.
	mustCall(t, i, uint32(3), "add", uint32(1), uint32(2))
}

// A component that needs more memory to begin with than it may have gets no instance.
func TestMemoryLimitAtStart(t *testing.T) {
	leaktest.Check(t)
	p := guestProgram(t, newRuntime(t), newGuestHost())
	_, err := p.Instantiate(context.Background(), engine.InstanceConfig{Memory: 1000})
	if err == nil || !strings.Contains(err.Error(), "memory") {
		t.Fatalf("got %v", err)
	}
	if s := p.Stats(); s != (engine.Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

func TestTableLimit(t *testing.T) {
	rt, err := engine.NewRuntime(engine.Config{Instances: 10, MaxTableElements: 50})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rt.Close(context.Background()) })
	i := instantiate(t, guestProgram(t, rt, newGuestHost()))
	for _, c := range []struct {
		by   uint32
		want int32
	}{{49, 1}, {1, -1}, {0, 50}, {1 << 31, -1}} {
		if got, err := call(t, i, "grow-table", c.by); err != nil || got != c.want {
			t.Errorf("growing by %d: got %v, %v; want %d", c.by, got, err, c.want)
		}
	}
}

func TestHandleLimit(t *testing.T) {
	leaktest.Check(t)
	i, _ := guestInstance(t, engine.InstanceConfig{Handles: 100})
	mustCall(t, i, uint32(0), "handles", uint32(60))
	wantHandles(t, i.Program(), 60)
	_, err := call(t, i, "handles", uint32(41))
	if !errors.Is(err, engine.ErrTrap) || !strings.Contains(err.Error(), "handle table is full") {
		t.Fatal(err)
	}
	<-i.Ended()
	if s := i.Program().Stats(); s != (engine.Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

// A value that takes more than the guest has is an error of the call.
func TestArgumentsThatAreTooLarge(t *testing.T) {
	i, _ := guestInstance(t, engine.InstanceConfig{Memory: 1 << 20})
	big := strings.Repeat("x", 2<<20)
	_, err := call(t, i, "describe", uint32(1), []any{value.Tuple{big, true}})
	if !errors.Is(err, engine.ErrTrap) {
		t.Fatal(err)
	}
}
