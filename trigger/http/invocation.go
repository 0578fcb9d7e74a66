package http

import (
	"github.com/spinhost/spin/engine/abi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// prepare makes the arguments. Guests of version 0.2 set their response while they run.
func (x *exchange) prepare() {
	kind := x.entry.target.kind
	room := rooms.Get().(*[maxExtra]field)
	r := x.request(x.body, x.extraFields(room[:0], kind == kindP3))
	switch kind {
	case kindP3:
		x.call3.Request = r.Resource()
	case kindOctober:
		x.callO.Request, x.callO.ResponseOut = r.OctoberRequest(), wasihttp.NewOutparam(x.settle)
	default:
		x.call2.Request, x.call2.ResponseOut = r.IncomingRequest(), wasihttp.NewOutparam(x.settle)
	}
	clear(room[:])
	rooms.Put(room)
}

// invocation2 is an exchange as a call of wasi:http/incoming-handler.
type invocation2 exchange

// Lower implements abi.Invocation.
func (i *invocation2) Lower(g *abi.Guest, f abi.Flat) { i.call2.Lower(g, f) }

// Lift implements abi.Invocation. What the guest has not finished by now, it never will.
func (i *invocation2) Lift(v *abi.Values) {
	i.call2.Lift(v)
	(*exchange)(i).seal()
}

// seal ends the body of the response of a guest that has returned.
func (x *exchange) seal() {
	x.returned.Store(true)
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.res != nil {
		x.res.Body.Seal()
	}
}

// invocationOctober is an exchange as a call of wasi:http/incoming-handler as the snapshot of October
// 2023 has it.
type invocationOctober exchange

// Lower implements abi.Invocation.
func (i *invocationOctober) Lower(g *abi.Guest, f abi.Flat) { i.callO.Lower(g, f) }

// Lift implements abi.Invocation.
func (i *invocationOctober) Lift(v *abi.Values) {
	i.callO.Lift(v)
	(*exchange)(i).seal()
}

// invocation3 is an exchange as a call of wasi:http/handler.
type invocation3 exchange

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
