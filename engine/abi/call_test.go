package abi_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// newCall makes a call with the given parameters, as an engine does.
func newCall(e *env, slots abi.Flat, spilled bool, ret int) *abi.Call {
	c := new(abi.Call)
	c.Reset(e, abi.Options{}, []abi.Ref{{}, {}}, new(abi.Lenders), nil)
	c.Setup(context.Background(), slots, spilled, ret)
	return c
}

// pollable is a Pollable that notes who waits for it.
type pollable struct {
	ready    bool
	armed    int
	disarmed int
	wake     func()
}

func (p *pollable) Ready() bool { return p.ready }
func (p *pollable) Arm(wake func()) func() {
	p.armed++
	p.wake = wake
	return func() { p.disarmed++ }
}

func TestCallAnswers(t *testing.T) {
	boom := errors.New("boom")
	p := &pollable{}
	for name, c := range map[string]struct {
		serve func(c *abi.Call)
		late  bool
		err   string
		runs  bool
		waits bool
	}{
		"nothing":                   {serve: func(*abi.Call) {}},
		"a value":                   {serve: func(c *abi.Call) { c.Return(7) }},
		"an error":                  {serve: func(c *abi.Call) { c.Fail(boom) }, err: "boom"},
		"the first of two errors":   {serve: func(c *abi.Call) { c.Fail(boom); c.Fail(errGone) }, err: "boom"},
		"later":                     {serve: func(c *abi.Call) { c.Go(func(context.Context) func(*abi.Call) { return nil }) }, runs: true},
		"when something is ready":   {serve: func(c *abi.Call) { c.Fail(abi.WaitFor(p)) }, waits: true},
		"waiting in a late answer":  {serve: func(c *abi.Call) { c.Fail(abi.WaitFor(p)) }, late: true, err: "cannot wait for a pollable"},
		"an error in a late answer": {serve: func(c *abi.Call) { c.Fail(boom) }, late: true, err: "boom"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEnv(64)
			call := newCall(e, make(abi.Flat, 2), false, -1)
			if c.late {
				call.Resume(make(abi.Flat, 1))
			}
			c.serve(call)
			run, wait := call.Outcome()
			if (run != nil) != c.runs || (wait == p) != c.waits {
				t.Errorf("run %v, wait %v", run != nil, wait)
			}
			if err := call.Err(); (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
				t.Errorf("got error %v, want one with %q", err, c.err)
			}
		})
	}
}

// Where the parameters and the result of a call lie is checked like everything else.
func TestValuesInMemory(t *testing.T) {
	for name, c := range map[string]struct {
		slots   abi.Flat
		spilled bool
		ret     int
		why     string
	}{
		"in slots":                      {abi.Flat{{1}, {2}}, false, -1, ""},
		"in memory":                     {abi.Flat{{16}}, true, -1, ""},
		"in memory, unaligned":          {abi.Flat{{18}}, true, -1, "unaligned"},
		"in memory, out of bounds":      {abi.Flat{{60}}, true, -1, "out of bounds"},
		"result in memory":              {abi.Flat{{1}, {24}}, false, 1, ""},
		"result in memory, unaligned":   {abi.Flat{{1}, {25}}, false, 1, "unaligned"},
		"result in memory, beyond":      {abi.Flat{{1}, {0xfffffff8}}, false, 1, "out of bounds"},
		"both in memory":                {abi.Flat{{16}, {32}}, true, 1, ""},
		"address with junk in its slot": {abi.Flat{{0xdead_00000010, 0xbeef}}, true, -1, ""},
	} {
		t.Run(name, func(t *testing.T) {
			call := newCall(newEnv(64), c.slots, c.spilled, c.ret)
			ptr, ok := call.Spilled(8, 4)
			if ok != c.spilled || ok && c.why == "" && ptr != c.slots.U32(0) {
				t.Errorf("parameters at %d, %v", ptr, ok)
			}
			if call.InMemory() != (c.ret >= 0) {
				t.Errorf("result in memory: %v", call.InMemory())
			}
			if c.ret >= 0 {
				if at := call.Result(8, 4); c.why == "" && at != c.slots.U32(c.ret) {
					t.Errorf("result at %d", at)
				}
			}
			if err := call.Err(); (err == nil) != (c.why == "") || err != nil && !strings.Contains(err.Error(), c.why) {
				t.Errorf("got error %v, want one with %q", err, c.why)
			}
		})
	}
}

func TestAnyPollable(t *testing.T) {
	a, b, bare := &pollable{}, &pollable{}, noDisarm{}
	all := abi.Any{a, bare, b}
	if all.Ready() {
		t.Error("ready before any is")
	}
	woken := 0
	disarm := all.Arm(func() { woken++ })
	if b.ready = true; !all.Ready() {
		t.Error("not ready although one is")
	}
	b.wake()
	if disarm(); woken != 1 || a.armed != 1 || b.armed != 1 || a.disarmed != 1 || b.disarmed != 1 {
		t.Errorf("woken %d times; armed %d, %d, disarmed %d, %d", woken, a.armed, b.armed, a.disarmed, b.disarmed)
	}
	if (abi.Any{}).Ready() {
		t.Error("nothing is ready")
	}
	if abi.WaitFor(a).Error() == "" {
		t.Error("no text")
	}
}

type noDisarm struct{}

func (noDisarm) Ready() bool       { return false }
func (noDisarm) Arm(func()) func() { return nil }
