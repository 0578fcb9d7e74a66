package capability_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/spinhost/spin/capability"
)

const keyValue = "spin:key-value/key-value@3.0.0"

func TestUsageCountsByOutcome(t *testing.T) {
	var u capability.Usage
	add := func(function string, outcomes ...capability.Outcome) {
		c := u.Counter("cart", nil, keyValue, function)
		for _, o := range outcomes {
			c.Add(o)
		}
	}
	add("[static]store.open", capability.Denied, capability.Returned, capability.Refused, capability.Returned)
	add("[method]store.get", capability.Trapped, capability.Outcome(200))
	add("[method]store.set")
	want := []capability.Count{
		{Function: "[method]store.get", Outcome: "trapped", Count: 1},
		{Function: "[static]store.open", Outcome: "returned", Count: 2},
		{Function: "[static]store.open", Outcome: "refused", Count: 1},
		{Function: "[static]store.open", Outcome: "denied", Count: 1},
	}
	if got := u.Counts("cart", nil, keyValue); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestUsageKeepsWhomApart(t *testing.T) {
	var u capability.Usage
	type who struct {
		component string
		path      []string
		id        string
	}
	all := []who{
		{"cart", nil, keyValue}, {"shop", nil, keyValue}, {"cart", nil, "fermyon:spin/key-value"},
		{"cart", []string{"a:b"}, keyValue}, {"cart", []string{"a:b", "c:d"}, keyValue}, {"cart", []string{"c:d", "a:b"}, keyValue}, {"cart", []string{"c:d"}, keyValue},
	}
	for i, w := range all {
		for range i + 1 {
			u.Counter(w.component, w.path, w.id, "f").Add(capability.Returned)
		}
	}
	for i, w := range all {
		if got := u.Counts(w.component, w.path, w.id); len(got) != 1 || got[0].Count != uint64(i+1) {
			t.Errorf("%v: got %v", w, got)
		}
	}
	if got := u.Counts("nobody", nil, keyValue); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestNoUsageCountsNothing(t *testing.T) {
	var u *capability.Usage
	u.Counter("cart", nil, keyValue, "f").Add(capability.Returned)
	if got := u.Counts("cart", nil, keyValue); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestUsageFromManyGoroutines(t *testing.T) {
	var u capability.Usage
	const workers, calls = 8, 500
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := range calls {
				u.Counter("cart", nil, keyValue, fmt.Sprint("f", i%7)).Add(capability.Outcome(w % 4))
				if i%100 == 0 {
					u.Counts("cart", nil, keyValue)
				}
			}
		})
	}
	wg.Wait()
	var sum uint64
	for _, c := range u.Counts("cart", nil, keyValue) {
		sum += c.Count
	}
	if sum != workers*calls {
		t.Errorf("%d calls were counted", sum)
	}
}

func TestCountingDoesNotAllocate(t *testing.T) {
	var u capability.Usage
	path := []string{"acme:auth/tokens"}
	kept := u.Counter("cart", path, keyValue, "open")
	if n := testing.AllocsPerRun(100, func() {
		kept.Add(capability.Returned)
		u.Counter("cart", path, keyValue, "open").Add(capability.Denied)
		u.Counter("cart", nil, keyValue, "open")
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestOutcomesHaveNames(t *testing.T) {
	for o, want := range map[capability.Outcome]string{
		capability.Returned: "returned", capability.Refused: "refused", capability.Trapped: "trapped", capability.Denied: "denied", 4: "unknown", 255: "unknown",
	} {
		if o.String() != want {
			t.Errorf("got %s, want %s", o, want)
		}
	}
}

func BenchmarkCounter(b *testing.B) {
	var u capability.Usage
	c := u.Counter("cart", nil, keyValue, "open")
	b.ReportAllocs()
	for b.Loop() {
		c.Add(capability.Returned)
	}
}
