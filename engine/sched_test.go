package engine

import (
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
)

// idleScheduler has no clock: tests make it yield themselves.
func idleScheduler(max int) *scheduler {
	return &scheduler{free: max, max: max, wake: make(chan struct{}, 1)}
}

// spend uses a time slice up and yields.
func (s *scheduler) spend(t turn) turn {
	s.ticks.Add(2)
	return s.yield(t)
}

// waiting waits until so many wait for a turn.
func (s *scheduler) waiting(fresh, spent int) {
	for {
		s.mu.Lock()
		ok := len(s.fresh) == fresh && len(s.spent) == spent
		s.mu.Unlock()
		if ok {
			return
		}
		runtime.Gosched()
	}
}

func TestNoMoreThanMaxRunAtOnce(t *testing.T) {
	s := idleScheduler(3)
	var running atomic.Int32
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			for range 50 {
				turn := s.begin()
				if n := running.Add(1); n > 3 {
					t.Errorf("%d run at once", n)
				}
				running.Add(-1)
				s.spend(turn)
				if n := running.Add(1); n > 3 {
					t.Errorf("%d run at once", n)
				}
				runtime.Gosched()
				running.Add(-1)
				s.end()
			}
		})
	}
	wg.Wait()
	if s.free != 3 || len(s.fresh)+len(s.spent) != 0 {
		t.Errorf("%d of 3 turns are free, %d and %d wait", s.free, len(s.fresh), len(s.spent))
	}
}

// Those who come anew go before those who have used up a time slice, but of four turns one
// is for the latter.
func TestOrderOfTurns(t *testing.T) {
	s := idleScheduler(1)
	first := s.begin()
	order := make(chan string)
	for i := range 6 {
		go func() {
			s.begin()
			order <- fmt.Sprint("new ", i)
			s.end()
		}()
		s.waiting(i+1, 0)
	}
	// The one that runs yields; in between nobody else does.
	go func() {
		s.spend(first)
		order <- "old"
		s.end()
	}()
	var got []string
	for range 7 {
		got = append(got, <-order)
	}
	// The fourth turn that is given is the old one's.
	want := []string{"new 0", "new 1", "new 2", "old", "new 3", "new 4", "new 5"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

// Those who compute all the time take turns.
func TestSpendersAlternate(t *testing.T) {
	s := idleScheduler(1)
	const each = 5
	var order []int
	var wg sync.WaitGroup
	s.begin() // until all are there
	for id := range 3 {
		wg.Go(func() {
			turn := s.begin()
			for range each {
				order = append(order, id) // only one runs
				turn = s.spend(turn)
			}
			s.end()
		})
		s.waiting(id+1, 0)
	}
	s.end()
	wg.Wait()
	for k, id := range order {
		if id != k%3 {
			t.Fatalf("order %v", order)
		}
	}
}

// Yielding with nobody else there costs no turn.
func TestYieldAlone(t *testing.T) {
	s := idleScheduler(1)
	turn := s.begin()
	for range 100 {
		turn = s.spend(turn)
	}
	if s.free != 0 || s.grants != 0 {
		t.Errorf("%d free, %d grants", s.free, s.grants)
	}
	s.end()
	if s.free != 1 {
		t.Errorf("%d free", s.free)
	}
}

// A turn that has seen one tick of the clock may have just begun: it goes on.
func TestYieldTooEarly(t *testing.T) {
	s := idleScheduler(1)
	turn := s.begin()
	done := make(chan struct{})
	go func() { s.begin(); close(done) }()
	s.waiting(1, 0)
	for range 2 {
		if got := s.yield(turn); got != turn {
			t.Errorf("turn of tick %d became one of %d", turn, got)
		}
		s.ticks.Add(1)
	}
	go func() { s.yield(turn); s.end() }()
	<-done
	s.end()
}

// The clock ticks while guests run, sleeps when none does, and can be stopped in any state.
func TestClockSleeps(t *testing.T) {
	var ticks atomic.Int64
	s := newScheduler(2, func() { ticks.Add(1) })
	asleep := func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return s.asleep
	}
	for range 2 {
		for !asleep() {
			runtime.Gosched()
		}
		before := ticks.Load()
		s.begin()
		if asleep() {
			t.Error("asleep while somebody runs")
		}
		for ticks.Load() == before {
			runtime.Gosched()
		}
		s.end()
	}
	for !asleep() {
		runtime.Gosched()
	}
	s.close()

	s = newScheduler(2, func() {})
	s.begin()
	s.close()
	s.end()
}
