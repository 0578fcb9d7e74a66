package engine_test

import (
	"context"
	"errors"
	"testing"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

// smallRuntime has room for one instance of the guest.
func smallRuntime(t *testing.T) *engine.Runtime {
	t.Helper()
	rt, err := engine.NewRuntime(engine.Config{Instances: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeRuntime(t, rt) })
	return rt
}

// When there is no room for another instance, who wants one waits until there is, or until
// its context ends.
func TestInstantiateWaitsForRoom(t *testing.T) {
	leaktest.Check(t)
	p := guestProgram(t, smallRuntime(t), newGuestHost())
	first := instantiate(t, p)
	why := errors.New("the client has left")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(why)
	if _, err := p.Instantiate(ctx, engine.InstanceConfig{}); !errors.Is(err, engine.ErrBusy) || !errors.Is(err, why) {
		t.Fatalf("got %v", err)
	}
	type made struct {
		i   *engine.Instance
		err error
	}
	second := make(chan made)
	go func() {
		i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
		second <- made{i, err}
	}()
	select {
	case m := <-second:
		t.Fatalf("two instances where there is room for one: %v", m.err)
	default:
	}
	mustCall(t, first, uint32(1), "count")
	closeInstance(t, first)
	m := <-second
	if m.err != nil {
		t.Fatal(m.err)
	}
	mustCall(t, m.i, uint32(1), "count")
	closeInstance(t, m.i)
}

// Instances that are kept, but do nothing, make room for others, whether these would wait or not.
func TestIdleInstancesMakeRoom(t *testing.T) {
	leaktest.Check(t)
	var kept *engine.Instance
	reclaimed := 0
	rt, err := engine.NewRuntime(engine.Config{Instances: 1, Reclaim: func() bool {
		reclaimed++
		i := kept
		if kept = nil; i != nil {
			i.Kill(errors.New("others need the room"))
		}
		return i != nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeRuntime(t, rt) })
	p := guestProgram(t, rt, newGuestHost())
	for n, cfg := range []engine.InstanceConfig{{}, {NoWait: true}, {}, {NoWait: true}} {
		i, err := p.Instantiate(context.Background(), cfg)
		if err != nil {
			t.Fatal(n, err)
		}
		mustCall(t, i, uint32(1), "count")
		kept = i
	}
	i := kept
	kept = nil
	reclaimed = 0
	if _, err := p.Instantiate(context.Background(), engine.InstanceConfig{NoWait: true}); !errors.Is(err, engine.ErrBusy) || reclaimed != 1 {
		t.Errorf("%v, asked %d times", err, reclaimed)
	}
	closeInstance(t, i)
}

// An instance that traps, or does not even begin, gives its room back.
func TestRoomIsGivenBack(t *testing.T) {
	leaktest.Check(t)
	p := guestProgram(t, smallRuntime(t), newGuestHost())
	for range 5 {
		i, err := p.Instantiate(context.Background(), engine.InstanceConfig{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := call(t, i, "boom"); err == nil {
			t.Fatal("no trap")
		}
		closeInstance(t, i)
		if _, err := p.Instantiate(context.Background(), engine.InstanceConfig{Memory: 1}); err == nil || errors.Is(err, engine.ErrBusy) {
			t.Fatalf("an instance without memory: %v", err)
		}
	}
}

// A component that needs more than there is at all is not made to wait.
func TestComponentThatNeverFits(t *testing.T) {
	rt := smallRuntime(t)
	p, err := engine.NewLinker().Link(context.Background(), rt, decode(t, wasmFile(t, "wast", "many.0.wasm")))
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Instantiate(context.Background(), engine.InstanceConfig{}); !errors.Is(err, engine.ErrBusy) {
		t.Errorf("got %v", err)
	}
}
