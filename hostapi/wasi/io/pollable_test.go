package io_test

import (
	"slices"
	"testing"
	"testing/synctest"

	"github.com/spinhost/spin/engine/abi"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

func poll(in ...p2io.Pollable) ([]uint32, error) {
	return call(func() ([]uint32, error) { return wasiio.Poll(ctx, in) })
}

func TestPollOfAnEmptyListTraps(t *testing.T) {
	_, err := poll()
	wantTrap(t, err)
}

func TestPollOfAForeignPollableTraps(t *testing.T) {
	_, err := poll(struct{ p2io.Pollable }{})
	wantTrap(t, err)
}

func TestPollReturnsAllThatAreReadyInOrder(t *testing.T) {
	var set, unset wasiio.Event
	set.Set()
	r, u := wasiio.NewPollable(&set, nil), wasiio.NewPollable(&unset, nil)
	for _, c := range []struct {
		in   []p2io.Pollable
		want []uint32
	}{
		{[]p2io.Pollable{r}, []uint32{0}},
		{[]p2io.Pollable{u, r}, []uint32{1}},
		{[]p2io.Pollable{r, u, r, u, r}, []uint32{0, 2, 4}},
	} {
		if got, err := poll(c.in...); !slices.Equal(got, c.want) || err != nil {
			t.Errorf("poll = %v, %v, want %v", got, err, c.want)
		}
	}
}

func TestPollWaitsForTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var a, b wasiio.Event
		in := []p2io.Pollable{wasiio.NewPollable(&a, nil), wasiio.NewPollable(&b, nil)}
		if _, err := wasiio.Poll(ctx, in); !waits(err) {
			t.Fatalf("poll with none ready = %v", err)
		}
		go b.Set()
		if got, err := poll(in...); !slices.Equal(got, []uint32{1}) || err != nil {
			t.Errorf("poll = %v, %v", got, err)
		}
	})
}

func TestBlockWaitsUntilReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var e wasiio.Event
		p := wasiio.NewPollable(&e, nil)
		if ready, err := p.Ready(ctx); ready || err != nil {
			t.Errorf("ready before = %v, %v", ready, err)
		}
		if err := p.Block(ctx); !waits(err) {
			t.Errorf("block before = %v", err)
		}
		go e.Set()
		if err := do(func() error { return p.Block(ctx) }); err != nil {
			t.Error(err)
		}
		if ready, err := p.Ready(ctx); !ready || err != nil {
			t.Errorf("ready after = %v, %v", ready, err)
		}
	})
}

func TestDisarmedAreNotWoken(t *testing.T) {
	var w wasiio.Waiters
	woken := map[string]int{}
	disarm := w.Arm(func() { woken["first"]++ })
	w.Arm(func() { woken["second"]++ })
	w.Wake()
	disarm()
	disarm()
	w.Wake()
	if woken["first"] != 1 || woken["second"] != 2 {
		t.Errorf("woken %v", woken)
	}
}

func TestEventWakesOnce(t *testing.T) {
	var e wasiio.Event
	n := 0
	var p abi.Pollable = &e
	p.Arm(func() { n++ })
	e.Set()
	e.Set()
	if n != 1 || !p.Ready() {
		t.Errorf("woken %d times, ready %v", n, p.Ready())
	}
}
