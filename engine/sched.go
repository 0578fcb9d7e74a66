package engine

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/engine/internal/canon"
)

// scheduler bounds how many trees run guest code at once, so that guests that only compute
// take neither a thread each nor all of the processors' time. Who comes anew goes before
// those who have used up a time slice; of four turns, those get at least one.
type scheduler struct {
	mu     sync.Mutex
	free   int
	max    int
	fresh  []chan struct{}
	spent  []chan struct{}
	grants uint
	ticks  atomic.Uint64

	tick   func() // advances the epoch: guests yield
	asleep bool   // the ticker waits for guests to run
	wake   chan struct{}
	stop   chan struct{}
	done   chan struct{}
}

func newScheduler(max int, tick func()) *scheduler {
	s := &scheduler{
		free: max, max: max, tick: tick,
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go s.run()
	return s
}

// turn says when a turn began, in ticks.
type turn uint64

func (s *scheduler) now() turn { return turn(s.ticks.Load()) }

// tryBegin takes a turn if there is one to be had.
func (s *scheduler) tryBegin() (turn, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ok := s.take()
	return s.now(), ok
}

func (s *scheduler) take() bool {
	if s.free == 0 {
		return false
	}
	s.free--
	if s.asleep {
		s.asleep = false
		s.wake <- struct{}{}
	}
	return true
}

// begin waits for a turn.
func (s *scheduler) begin() turn {
	s.mu.Lock()
	if s.take() {
		s.mu.Unlock()
		return s.now()
	}
	c := make(chan struct{})
	s.fresh = append(s.fresh, c)
	s.mu.Unlock()
	<-c
	return s.now()
}

// end gives the turn to the next.
func (s *scheduler) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pass()
}

// yield gives the turn to somebody who waits, if there is one, and waits for another. A turn
// that has seen but one tick goes on: it may have begun just before.
func (s *scheduler) yield(t turn) turn {
	if s.now()-t < 2 {
		return t
	}
	s.mu.Lock()
	if len(s.fresh)+len(s.spent) == 0 {
		s.mu.Unlock()
		return s.now()
	}
	c := make(chan struct{})
	s.spent = append(s.spent, c)
	s.pass()
	s.mu.Unlock()
	<-c
	return s.now()
}

func (s *scheduler) pass() {
	s.grants++
	switch {
	case len(s.fresh) > 0 && (s.grants%4 != 0 || len(s.spent) == 0):
		close(s.fresh[0])
		s.fresh[0] = nil
		s.fresh = s.fresh[1:]
	case len(s.spent) > 0:
		close(s.spent[0])
		s.spent[0] = nil
		s.spent = s.spent[1:]
	default:
		s.free++
	}
}

// idleTicks is how many ticks nobody has to run before the ticker goes to sleep.
const idleTicks = 10

// run advances the epoch while guests run.
func (s *scheduler) run() {
	defer close(s.done)
	t := time.NewTicker(canon.Slice)
	defer t.Stop()
	idle := 0
	for {
		select {
		case <-s.stop:
			return
		case <-t.C:
		}
		if s.busy() {
			idle = 0
			s.ticks.Add(1)
			s.tick()
			continue
		}
		if idle++; idle < idleTicks {
			continue
		}
		if !s.sleep(t) {
			return
		}
		idle = 0
	}
}

func (s *scheduler) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.free < s.max
}

// sleep stops the ticks until somebody begins; it reports false if the scheduler is closed.
func (s *scheduler) sleep(t *time.Ticker) bool {
	s.mu.Lock()
	s.asleep = s.free == s.max
	asleep := s.asleep
	s.mu.Unlock()
	if !asleep {
		return true
	}
	t.Stop()
	select {
	case <-s.stop:
		return false
	case <-s.wake:
		t.Reset(canon.Slice)
		return true
	}
}

func (s *scheduler) close() {
	close(s.stop)
	<-s.done
}
