package engine_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/leaktest"
)

func memoriesProgram(t testing.TB) *engine.Program {
	t.Helper()
	return linked(t, engine.NewLinker(), newRuntime(t), decode(t, wasmFile(t, "wast", "memories.0.wasm")))
}

const page = 64 << 10

// The memories of an instance have one budget, whoever takes it in whichever order.
func TestMemoryLimitOfSeveralMemories(t *testing.T) {
	leaktest.Check(t)
	p := memoriesProgram(t)
	type step struct {
		who   string
		pages uint32
		want  any
	}
	for name, c := range map[string]struct {
		limit int64
		steps []step
	}{
		"one takes all":             {20 * page, []step{{"one", 17, int32(1)}, {"one", 1, int32(-1)}, {"two", 1, int32(-1)}, {"second", 1, int32(-1)}, {"one", 0, int32(18)}}},
		"the other takes all":       {20 * page, []step{{"two", 17, int32(1)}, {"two", 1, int32(-1)}, {"one", 1, int32(-1)}}},
		"its second takes all":      {20 * page, []step{{"second", 17, int32(1)}, {"second", 1, int32(-1)}, {"one", 1, int32(-1)}}},
		"in turn, in many steps":    {20 * page, []step{{"one", 5, int32(1)}, {"two", 5, int32(1)}, {"second", 5, int32(1)}, {"one", 1, int32(6)}, {"two", 1, int32(6)}, {"one", 1, int32(-1)}}},
		"in turn, in one call":      {20 * page, []step{{"in-turn", 5, true}, {"in-turn", 1, false}}},
		"too much, in one call":     {20 * page, []step{{"in-turn", 6, false}, {"one", 5, int32(7)}, {"one", 1, int32(-1)}}},
		"nothing but the beginning": {3 * page, []step{{"one", 0, int32(1)}, {"one", 1, int32(-1)}, {"two", 1, int32(-1)}}},
		"more than they can take":   {1 << 40, []step{{"one", 1000, int32(1)}, {"two", 1000, int32(1)}, {"one", 1, int32(1001)}}},
	} {
		t.Run(name, func(t *testing.T) {
			i := instance(t, p, engine.InstanceConfig{Memory: c.limit, Meter: true})
			for k, s := range c.steps {
				if got, err := call(t, i, s.who, s.pages); err != nil || got != s.want {
					t.Errorf("step %d, %s by %d: got %v, %v, want %v", k, s.who, s.pages, got, err, s.want)
				}
				if u := i.Usage(); u.Memory > c.limit {
					t.Errorf("step %d: %d bytes are taken", k, u.Memory)
				}
			}
		})
	}
}

// A component instance with several memories that it makes grow without the host's seeing it is
// ended at the next tick.
func TestMemoryLimitThatIsLookedAtLater(t *testing.T) {
	leaktest.Check(t)
	i := instance(t, memoriesProgram(t), engine.InstanceConfig{Memory: 100 * page})
	_, err := call(t, i, "grab", uint32(90))
	var limit *engine.LimitError
	if !errors.As(err, &limit) || !errors.Is(err, engine.ErrLimit) || !errors.Is(err, engine.ErrTrap) || errors.Is(err, engine.ErrTimeout) {
		t.Fatalf("got %v", err)
	}
	if limit.Limit != 100*page || limit.Unit != "bytes" || limit.Raise != "engine.InstanceConfig.Memory" || limit.What != "memory" {
		t.Errorf("got %+v", limit)
	}
	if !strings.Contains(err.Error(), "at most 6553600 are allowed; raise engine.InstanceConfig.Memory") {
		t.Error(err)
	}
}

func TestInstanceThatBeginsWithTooMuch(t *testing.T) {
	p := memoriesProgram(t)
	_, err := p.Instantiate(context.Background(), engine.InstanceConfig{Memory: 3*page - 1})
	var limit *engine.LimitError
	if !errors.As(err, &limit) || limit.Limit != 3*page-1 || !strings.Contains(err.Error(), "196608 bytes") {
		t.Fatalf("got %v", err)
	}
	if s := p.Stats(); s != (engine.Stats{}) {
		t.Errorf("left behind: %+v", s)
	}
}

// Each component instance's memory is its own, and all of it is counted, also what nobody
// outside can name and what several options name.
func TestUsageOfMemory(t *testing.T) {
	leaktest.Check(t)
	i := instance(t, memoriesProgram(t), engine.InstanceConfig{Meter: true})
	check := func(when string, one, two int64, live bool) {
		t.Helper()
		u := i.Usage()
		if len(u.Instances) != 3 {
			t.Fatalf("%s: %+v", when, u)
		}
		var now int64 = 1
		if !live {
			now = 0
		}
		for k, want := range []engine.InstanceUsage{{}, {Instance: "one", PeakMemory: one * page}, {Instance: "two", PeakMemory: two * page}} {
			want.Memory = now * want.PeakMemory
			got := u.Instances[k]
			if got.CPU = 0; got != want {
				t.Errorf("%s: got %+v, want %+v", when, got, want)
			}
		}
		if u.PeakMemory != (one+two)*page || u.Memory != now*u.PeakMemory {
			t.Errorf("%s: %+v in all", when, u)
		}
	}
	check("at first", 1, 2, true)
	for _, who := range []string{"one", "two", "second"} {
		if _, err := call(t, i, who, uint32(10)); err != nil {
			t.Fatal(err)
		}
	}
	check("later", 11, 22, true)
	if err := i.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	check("at the end", 11, 22, false)
}

// Nothing is measured unless it is asked for.
func TestUsageOff(t *testing.T) {
	i, _ := guestInstance(t, engine.InstanceConfig{})
	c := i.Start(context.Background(), function(t, i, "add"), &loopCall{args: []uint32{1, 2}}, nil)
	if err := c.Wait(context.Background()); err != nil || c.CPU() != 0 {
		t.Errorf("got %v, %v", c.CPU(), err)
	}
	if u := i.Usage(); u.CPU != 0 || u.Memory != 0 || u.Instances != nil {
		t.Errorf("got %+v", u)
	}
}

// Two calls that are in the middle of one instance at the same time are charged separately,
// and all that is charged adds up.
func TestUsageOfCalls(t *testing.T) {
	leaktest.Check(t)
	h := newWhomHost()
	p := linked(t, h.linker(), newRuntime(t), decode(t, wasmFile(t, "wast", "work.0.wasm")))
	i := instance(t, p, engine.InstanceConfig{Meter: true, Shared: true})
	var fault string
	for range 5 { // the machine may have had other things to do
		if fault = twoWorkers(t, i, h); fault == "" {
			break
		}
	}
	if fault != "" {
		t.Error(fault)
	}
}

// twoWorkers has one call work little and one much, each in two component instances, before and
// after waiting for something, and looks at what it is charged.
func twoWorkers(t *testing.T, i *engine.Instance, h *whomHost) (fault string) {
	ctx, f, was := context.Background(), function(t, i, "work"), i.Usage()
	few := i.Start(ctx, f, &loopCall{args: []uint32{1, 10}}, nil)
	many := i.Start(ctx, f, &loopCall{args: []uint32{2, 3_000_000}}, nil)
	for _, tag := range []uint32{1, 2} {
		eventually(t, "waiting", h.waiting(tag))
	}
	before := many.CPU()
	time.Sleep(30 * time.Millisecond) // waiting is no work
	waited := many.CPU() - before
	h.end(2)
	h.end(1)
	for _, c := range []*engine.Call{few, many} {
		if err := c.Wait(ctx); err != nil {
			t.Fatal(err)
		}
		<-c.Ended()
	}
	u := i.Usage()
	var sum time.Duration
	for k := range u.Instances {
		sum += u.Instances[k].CPU
		u.Instances[k].CPU -= was.Instances[k].CPU
	}
	if sum != u.CPU || len(u.Instances) != 3 {
		t.Fatalf("usage %+v", u)
	}
	spent, calls := u.CPU-was.CPU, few.CPU()+many.CPU()
	if few.CPU() <= 0 || many.CPU() < 5*few.CPU() || waited > 10*time.Millisecond ||
		u.Instances[1].CPU < 5*few.CPU() || u.Instances[2].CPU < 5*few.CPU() ||
		calls > spent+spent/100 || calls < spent-spent/100 {
		return fmt.Sprintf("few turns took %v, many %v, waiting %v; the instance has spent %v: %+v", few.CPU(), many.CPU(), waited, spent, u)
	}
	return ""
}
