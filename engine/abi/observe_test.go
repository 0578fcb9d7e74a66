package abi_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

func TestObserve(t *testing.T) {
	boom := errors.New("boom")
	inMemory := func(disc byte) func(*abi.Call) {
		return func(c *abi.Call) { c.Mem()[c.Result(8, 4)] = disc }
	}
	later := func(lower func(*abi.Call)) func(*abi.Call) {
		return func(c *abi.Call) { c.Go(func(context.Context) func(*abi.Call) { return lower }) }
	}
	for name, c := range map[string]struct {
		result string
		serve  func(*abi.Call)
		memory bool // has the result
		want   []abi.Outcome
	}{
		"no result":                {serve: func(*abi.Call) {}, want: []abi.Outcome{abi.Returned}},
		"a number":                 {result: "u32", serve: func(c *abi.Call) { c.Return(1) }, want: []abi.Outcome{abi.Returned}},
		"success":                  {result: "result", serve: func(c *abi.Call) { c.Return(0) }, want: []abi.Outcome{abi.Returned}},
		"failure":                  {result: "result", serve: func(c *abi.Call) { c.Return(1) }, want: []abi.Outcome{abi.Refused}},
		"success in memory":        {result: "result<u32,string>", serve: inMemory(0), memory: true, want: []abi.Outcome{abi.Returned}},
		"failure in memory":        {result: "result<u32,string>", serve: inMemory(1), memory: true, want: []abi.Outcome{abi.Refused}},
		"an option of a result":    {result: "option<result<u32>>", serve: inMemory(1), memory: true, want: []abi.Outcome{abi.Returned}},
		"a trap":                   {serve: func(c *abi.Call) { c.Fail(boom) }, want: []abi.Outcome{abi.Trapped}},
		"a panic":                  {serve: func(*abi.Call) { panic(boom) }, want: []abi.Outcome{abi.Trapped}},
		"waiting, to be asked for": {serve: func(c *abi.Call) { c.Fail(abi.WaitFor(&pollable{})) }},
		"later":                    {result: "result", serve: later(func(c *abi.Call) { c.Return(1) }), want: []abi.Outcome{abi.Refused}},
		"later in memory":          {result: "result<u8>", serve: later(inMemory(1)), memory: true, want: []abi.Outcome{abi.Refused}},
		"a trap later":             {serve: later(func(c *abi.Call) { c.Fail(boom) }), want: []abi.Outcome{abi.Trapped}},
		"a panic later":            {serve: later(func(*abi.Call) { panic(boom) }), want: []abi.Outcome{abi.Trapped}},
		"given up":                 {serve: func(c *abi.Call) { c.Go(func(context.Context) func(*abi.Call) { return nil }) }},
	} {
		t.Run(name, func(t *testing.T) {
			var got []abi.Outcome
			f := abi.Func{Type: "func(a:u32)", Serve: c.serve}
			if c.result != "" {
				f.Type += "->" + c.result
			}
			f = abi.Observe(f, func(_ context.Context, o abi.Outcome) { got = append(got, o) })
			slots, ret := abi.Flat{{16}, {24}}, -1
			if c.memory {
				ret = 1
			}
			call := newCall(newEnv(64), slots, false, ret)
			quietly(func() { f.Serve(call) })
			if run, _ := call.Outcome(); run != nil {
				if len(got) != 0 {
					t.Errorf("%v before it is over", got)
				}
				if lower := run(t.Context()); name != "given up" {
					call.Resume(slots)
					quietly(func() { lower(call) })
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func quietly(f func()) {
	defer func() { _ = recover() }()
	f()
}

// Count what a guest does with an interface.
func ExampleObserve() {
	counts := map[abi.Outcome]int{}
	lookup := abi.Func{
		Name: "lookup", Type: "func(key:u32)->result",
		Serve: func(c *abi.Call) { c.Return(uint64(c.Args().U32(0) & 1)) }, // odd ones are not there
	}
	lookup = abi.Observe(lookup, func(_ context.Context, o abi.Outcome) { counts[o]++ })
	for key := range uint64(5) {
		lookup.Serve(newCall(newEnv(0), abi.Flat{{key}}, false, -1))
	}
	fmt.Println(counts[abi.Returned], abi.Returned)
	fmt.Println(counts[abi.Refused], abi.Refused)
	fmt.Println(counts[abi.Trapped], abi.Trapped)
	// Output:
	// 3 returned
	// 2 refused
	// 0 trapped
}
