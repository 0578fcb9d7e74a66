package engine

import (
	"fmt"
	"time"

	"github.com/spinhost/spin/engine/abi"
)

// seat is a tree's place in its core. A core may be used for one tree after another; what is
// left of an earlier tree, such as host functions that return late, must not meet the next.
type seat struct {
	*core
	i    *Instance
	turn turn // while the tree is driven
}

// Preempted implements canon.Core.
func (s *seat) Preempted(busy time.Duration) error {
	if limit := s.i.cfg.ComputeTime; limit > 0 && busy > limit {
		return &LimitError{
			What: "computing", Limit: int64(limit), Unit: abi.Nanoseconds, Raise: "engine.InstanceConfig.ComputeTime",
			Msg: fmt.Sprintf("guest has computed for more than %v without waiting for anything", limit),
		}
	}
	if s.i.watch != nil {
		s.i.watch.sample()
	}
	s.turn = s.i.p.rt.sched.yield(s.turn)
	return nil
}

// Begin implements canon.Turns.
func (s *seat) Begin() { s.turn = s.i.p.rt.sched.begin() }

// TryBegin implements canon.Turns.
func (s *seat) TryBegin() bool {
	t, ok := s.i.p.rt.sched.tryBegin()
	if ok {
		s.turn = t
	}
	return ok
}

// End implements canon.Turns.
func (s *seat) End() { s.i.p.rt.sched.end() }
