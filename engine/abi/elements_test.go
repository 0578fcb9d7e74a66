package abi_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// endless yields numbers for ever, each of so many bytes.
type endless struct {
	size   int
	yields atomic.Int64
}

func (e *endless) Next(context.Context) (uint32, error) { return uint32(e.yields.Add(1)), nil }
func (e *endless) Close() error                         { return nil }

// sized are endless elements that say what they take.
type sized struct{ *endless }

func (s sized) Size(uint32) int { return s.size }

// Fewer elements are read ahead of the guest where they are large, and never none.
func TestLowerStreamReadsAhead(t *testing.T) {
	for name, c := range map[string]struct {
		elements func(*endless) abi.Elements[uint32]
		size     int
		ahead    int64 // before the guest has read any
		taken    int64 // how many it takes until more are read ahead
	}{
		"of unknown size": {func(e *endless) abi.Elements[uint32] { return e }, 1 << 30, 64, 32},
		"small":           {func(e *endless) abi.Elements[uint32] { return sized{e} }, 16, 64, 32},
		"large":           {func(e *endless) abi.Elements[uint32] { return sized{e} }, 300 << 10, 4, 3},
		"huge":            {func(e *endless) abi.Elements[uint32] { return sized{e} }, 1 << 30, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(1 << 12)
			g := e.guest(nil)
			elements := &endless{size: c.size}
			abi.LowerStream(g, c.elements(elements), 1, 4, storeU32)
			if n, end := e.source.Read(g, 16, 1); n != 0 || end {
				t.Fatal(n, end)
			}
			<-e.wakes
			yielded := func(want int64) {
				t.Helper()
				for end := time.Now().Add(20 * time.Second); elements.yields.Load() < want && time.Now().Before(end); {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(5 * time.Millisecond) // for those that are too many
				if n := elements.yields.Load(); n != want {
					t.Errorf("%d were asked for, want %d", n, want)
				}
			}
			yielded(c.ahead)
			for range c.taken - 1 {
				if n, _ := e.source.Read(g, 16, 1); n != 1 {
					t.Fatal(n)
				}
			}
			yielded(c.ahead)
			if n, _ := e.source.Read(g, 16, 1); n != 1 {
				t.Fatal(n)
			}
			yielded(c.ahead + c.taken)
			e.source.End()
		})
	}
}

// A guest is woken only if it waits.
func TestLowerStreamWakesThoseWhoWait(t *testing.T) {
	e := newEnv(1 << 12)
	g := e.guest(nil)
	elements := &endless{}
	abi.LowerStream(g, elements, 1, 4, storeU32)
	if n, _ := e.source.Read(g, 16, 1); n != 0 {
		t.Fatal(n)
	}
	<-e.wakes
	for range 1000 {
		if n, _ := e.source.Read(g, 16, 1); n == 0 {
			<-e.wakes
		}
	}
	e.source.End()
	select {
	case w := <-e.wakes:
		t.Errorf("a guest that does not wait gets a %s", w)
	default:
	}
}
