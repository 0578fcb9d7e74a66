package http

import (
	"cmp"
	"context"
	"errors"
	nethttp "net/http"
	"sync"
	"sync/atomic"
	"time"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/trigger"
)

// Why an exchange is given up.
var (
	errClientLeft = errors.New("client has left")
	errTimeout    = errors.New("guest has not responded within the time for requests")
	errSlowClient = errors.New("client has not sent the body of its request in time")
)

// maxAttempts bounds on how many instances a call is tried that none of them has begun.
const maxAttempts = 4

// exchange is one request on its way through a guest.
//
// The guest runs on the request's goroutine until it waits, so that a quick one needs no other.
// One that computes for longer than a time slice goes on elsewhere.
type exchange struct {
	match
	s        *Server
	w        nethttp.ResponseWriter
	body     *requestBody // nil if the request has none
	deadline time.Time    // for the head of the response; zero if there is none

	task  taskContext
	call2 p2http.IncomingHandlerHandle
	call3 p3http.HandlerHandle
	callO octhttp.IncomingHandlerHandle // of the snapshot of October 2023

	inst     trigger.Instance
	pending  trigger.Call // whose instance is to be released
	returned atomic.Bool  // the guest's function has returned
	answered bool         // the response was written to its end, and has a length

	mu      sync.Mutex
	settled bool               // there is an answer, or nobody wants one any more
	res     *wasihttp.Response // the answer, or
	err     error              // why there is none
	ready   chan struct{}      // closed when settled, if somebody waits
}

// settle notes the guest's response, or why there is none. Only the first call counts.
func (x *exchange) settle(res *wasihttp.Response, err error) {
	x.mu.Lock()
	first := !x.settled
	if first {
		x.settled, x.res, x.err = true, res, err
		if x.ready != nil {
			close(x.ready)
		}
	}
	x.mu.Unlock()
	if !first && res != nil {
		res.Body.Close()
	}
}

// wait returns a channel that is closed when the exchange is settled, nil if it is.
func (x *exchange) wait() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.settled {
		return nil
	}
	if x.ready == nil {
		x.ready = make(chan struct{})
	}
	return x.ready
}

// run has the guest serve the request and answers the client. An error means that the response
// is not complete and must not look so.
func (x *exchange) run() error {
	x.pending = x.call()
	err := x.respond()
	x.release()
	return err
}

// call calls the guest and waits until the exchange is settled. The call is nil if there is none
// to care for.
func (x *exchange) call() trigger.Call {
	for attempt := 1; ; attempt++ {
		inst, err := x.instance()
		if err != nil {
			x.settle(nil, err)
			return nil
		}
		call := x.start(inst)
		if err = x.await(call); err == nil {
			x.explain(call)
			return call
		}
		if call.Begun() || attempt == maxAttempts {
			x.settle(nil, err)
			return call
		}
		inst.Retire(err) // it traps, or has too much to do, and does not count as ended yet
		inst.Release()
	}
}

// explain finds why there is no response: a guest that traps drops what it held.
func (x *exchange) explain(call trigger.Call) {
	if x.err != wasihttp.ErrNoResponse {
		return
	}
	select {
	case <-call.Done():
		x.err = cmp.Or(call.Err(), x.err)
	default:
	}
}

// instance gets an instance for the request.
func (x *exchange) instance() (trigger.Instance, error) {
	ctx := x.req.Context()
	if !x.deadline.IsZero() {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadlineCause(ctx, x.deadline, errTimeout)
		defer stop()
	}
	var err error
	if c := x.entry.target.component; x.entry.target.shared {
		x.inst, err = c.Shared(ctx)
	} else {
		x.inst, err = c.Fresh(ctx)
	}
	switch {
	case err == nil:
	case x.req.Context().Err() != nil:
		err = errClientLeft
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	return x.inst, err
}

// start begins the call.
func (x *exchange) start(inst trigger.Instance) trigger.Call {
	handle := x.entry.target.handle
	switch x.entry.target.kind {
	case kindP3:
		return inst.Start(&x.task, handle, (*invocation3)(x))
	case kindOctober:
		return inst.Start(&x.task, handle, (*invocationOctober)(x))
	}
	return inst.Start(&x.task, handle, (*invocation2)(x))
}

// await waits until the exchange is settled, and sees to it that it is when the client leaves
// or time is up. It returns an error if the call has failed before.
func (x *exchange) await(call trigger.Call) error {
	settled := x.wait()
	if settled == nil {
		return nil
	}
	x.body.mayDrain()
	var late <-chan time.Time
	if !x.deadline.IsZero() {
		t := time.NewTimer(time.Until(x.deadline))
		defer t.Stop()
		late = t.C
	}
	select {
	case <-settled:
	case <-call.Done():
		err := call.Err()
		if err == nil && x.wait() != nil {
			err = wasihttp.ErrNoResponse
		}
		return err
	case <-x.req.Context().Done():
		if x.body.late() { // net/http takes a connection that could not be read for a client that has left
			x.giveUp(errSlowClient)
		} else {
			x.giveUp(errClientLeft)
		}
	case <-late:
		x.giveUp(errTimeout)
	}
	return nil
}

// giveUp ends what the guest does for the request. It never ends an instance that serves others
// too, but when it is late no more requests are placed there.
func (x *exchange) giveUp(why error) {
	x.settle(nil, why)
	x.task.end(why)
	if why == errTimeout {
		x.inst.Retire(why)
	}
}

// release gives the instance back, once. A guest that goes on, having responded or not, has the
// time for that which the app allows.
func (x *exchange) release() {
	call := x.pending
	if call == nil {
		return
	}
	x.pending = nil
	if x.task.ended() {
		call.Cancel()
	}
	x.inst.Release()
}
