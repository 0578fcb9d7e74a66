package io

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
)

// Pollable is the resource pollable of wasi:io/poll.
type Pollable struct {
	on     abi.Pollable
	parent *Children
}

var _ p2io.Pollable = (*Pollable)(nil)

// NewPollable makes a resource of on. It is a child of parent, which may be nil.
func NewPollable(on abi.Pollable, parent *Children) *Pollable {
	parent.Add()
	return &Pollable{on, parent}
}

// Ready implements the function ready.
func (p *Pollable) Ready(context.Context) (bool, error) { return p.on.Ready(), nil }

// Block implements the function block.
func (p *Pollable) Block(context.Context) error {
	if !p.on.Ready() {
		return abi.WaitFor(p.on)
	}
	return nil
}

// Drop implements abi.Dropper.
func (p *Pollable) Drop() error {
	p.parent.Remove()
	return nil
}

// pollInterface implements wasi:io/poll.
type pollInterface struct{}

// Poll implements the function poll. It asks all, and suspends the guest if none is ready.
func (pollInterface) Poll(_ context.Context, in []p2io.Pollable) (ready []uint32, err error) {
	if len(in) == 0 {
		return nil, abi.Trapf("poll of an empty list would never return")
	}
	for i, r := range in {
		p, ok := r.(*Pollable)
		if !ok {
			return nil, abi.Trapf("pollable %T was not made by NewPollable", r)
		}
		if p.on.Ready() {
			ready = append(ready, uint32(i))
		}
	}
	if len(ready) > 0 {
		return ready, nil
	}
	all := make(abi.Any, len(in))
	for i, r := range in {
		all[i] = r.(*Pollable).on
	}
	return nil, abi.WaitFor(all)
}
