package http

import (
	"github.com/spinhost/spin/engine/abi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// invocation2 is an exchange as a call of wasi:http/incoming-handler.
type invocation2 exchange

// prepare2 makes the arguments. The guest sets its response while it runs.
func (x *exchange) prepare2() {
	room := rooms.Get().(*[maxExtra]field)
	r := x.request(x.body, x.extraFields(room[:0], false))
	x.call2.Request = r.IncomingRequest()
	clear(room[:])
	rooms.Put(room)
	x.call2.ResponseOut = wasihttp.NewOutparam(x.settle)
}

// Lower implements abi.Invocation.
func (i *invocation2) Lower(g *abi.Guest, f abi.Flat) { i.call2.Lower(g, f) }

// Lift implements abi.Invocation. What the guest has not finished by now, it never will.
func (i *invocation2) Lift(v *abi.Values) {
	i.call2.Lift(v)
	i.returned.Store(true)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.res != nil {
		i.res.Body.Seal()
	}
}

// invocation3 is an exchange as a call of wasi:http/handler.
type invocation3 exchange

// prepare3 makes the arguments.
func (x *exchange) prepare3() {
	room := rooms.Get().(*[maxExtra]field)
	r := x.request(x.body, x.extraFields(room[:0], true))
	x.call3.Request = r.Resource()
	clear(room[:])
	rooms.Put(room)
}

// Lower implements abi.Invocation.
func (i *invocation3) Lower(g *abi.Guest, f abi.Flat) { i.call3.Lower(g, f) }

// Lift implements abi.Invocation. It runs when the guest returns its response, on the goroutine
// that drives the guest.
func (i *invocation3) Lift(v *abi.Values) {
	i.call3.Lift(v)
	if v.Failed() {
		return
	}
	i.returned.Store(true)
	if err := i.call3.Err; err != nil {
		(*exchange)(i).settle(nil, err)
		return
	}
	res, err := wasihttp.TakeResponse(i.call3.Result)
	if err != nil {
		v.Fail(err)
		return
	}
	(*exchange)(i).settle(res, nil)
}
