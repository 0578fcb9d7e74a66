package canon

import (
	"github.com/spinhost/spin/engine/abi"
)

// waitFor suspends the guest until p is ready; the function is then called again. To the
// component model the call is merely slow: nothing else of the tree runs meanwhile.
func (h *hostCall) waitFor(p abi.Pollable) (Status, error) {
	if h.tr.Type.Async {
		return Trap, abi.Trapf("%s: only functions that are not async may wait for a pollable", h.tr.Name)
	}
	h.lenders.Release(&h.t.insts[h.tr.Instance].handles)
	if err := h.arm(p); err != nil {
		return Trap, err
	}
	h.t.armed = h
	h.th.host, h.th.wait, h.th.pend = h, waitHost, retryHost
	return Pending, nil
}

// ready reports whether a frozen call can go on.
func (h *hostCall) ready() bool {
	if h.wait != nil {
		return h.polled()
	}
	h.t.mu.Lock()
	defer h.t.mu.Unlock()
	return h.over
}

// retryHost calls the function again for which th has waited.
func retryHost(th *Thread) Status {
	h := th.host
	h.disarmed()
	if err := h.serve(&h.t.insts[h.tr.Instance], th.fiber.CallArgs()); err != nil {
		return h.t.trap(h.failed(err))
	}
	run, wait := h.Outcome()
	h.Park()
	switch {
	case wait != nil:
		st, err := h.waitFor(wait)
		if err != nil {
			return h.t.trap(err)
		}
		return st
	case run != nil:
		h.freeze()
		h.begin(run)
		return Pending
	}
	h.lenders.Release(&h.t.insts[h.tr.Instance].handles)
	th.host = nil
	return Done
}

// disarmed ends the wait for a pollable.
func (h *hostCall) disarmed() {
	disarm := h.disarm
	h.wait, h.disarm, h.t.armed = nil, nil, nil
	if disarm != nil {
		disarm()
	}
}
