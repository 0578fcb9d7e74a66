package spin_test

import (
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

// counts is what n requests, one after the other, learn of how many their instance has had.
func counts(t *testing.T, app *spin.App, n int) []int {
	t.Helper()
	var list []int
	for range n {
		w := ask(app, "/count")
		c, err := strconv.Atoi(w.Body.String())
		if w.Code != 200 || err != nil {
			t.Fatalf("%d %q", w.Code, w.Body)
		}
		list = append(list, c)
	}
	return list
}

// lives are how many requests the instances had that list tells of, without the last one.
func lives(list []int) []int {
	var all []int
	for i := 1; i < len(list); i++ {
		if list[i] == 1 {
			all = append(all, list[i-1])
		}
	}
	return all
}

// quiet keeps instances for as long as the test takes, and alone one has requests that come one
// after the other: also those that come while it still ends what it did for the last.
var (
	quiet = spin.ComponentConfig{IdleTime: time.Minute}
	alone = spin.ComponentConfig{IdleTime: time.Minute, MaxInstances: 1}
)

func TestInstancesServe128Requests(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) { c.ComponentDefaults = alone })
	if got := lives(counts(t, app, 257)); len(got) != 2 || got[0] != 128 || got[1] != 128 {
		t.Errorf("%v", got)
	}
}

func TestSettingsOfAllComponents(t *testing.T) {
	for what, want := range map[string]int{"defaults": 3, "its own": 2} {
		app := guestP3.mustLoad(t, func(c *spin.Config) {
			c.ComponentDefaults = spin.ComponentConfig{MaxRequests: 3, IdleTime: time.Minute, MaxInstances: 1}
			if what == "its own" {
				c.Components = map[string]spin.ComponentConfig{"guest": {MaxRequests: 2}}
			}
		})
		for _, n := range lives(counts(t, app, 10)) {
			if n != want {
				t.Errorf("%s: an instance has served %d", what, n)
			}
		}
	}
}

func TestInstancesDrawTheirNumberOfRequests(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		c.ComponentDefaults = spin.ComponentConfig{MaxRequests: 2, MaxRequestsBelow: 4, IdleTime: time.Minute, MaxInstances: 1}
	})
	seen := map[int]int{}
	for _, n := range lives(counts(t, app, 200)) {
		seen[n]++
	}
	if len(seen) != 2 || seen[2] == 0 || seen[3] == 0 {
		t.Errorf("instances by their requests: %v", seen)
	}
}

// A trap ends the instance, and with it what else it was to answer; the next request gets
// another.
func TestTrapRecyclesTheInstance(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) { c.ComponentDefaults = alone })
	if got := counts(t, app, 3); got[2] != 3 {
		t.Fatalf("%v", got)
	}
	wantEmpty(t, ask(app, "/panic"), http.StatusInternalServerError)
	if got := counts(t, app, 2); got[0] != 1 || got[1] != 2 {
		t.Errorf("after the trap: %v", got)
	}
}

// An error in place of a response is that request's affair.
func TestErrorKeepsTheInstance(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) { c.ComponentDefaults = alone })
	counts(t, app, 2)
	wantEmpty(t, ask(app, "/no-response"), http.StatusInternalServerError)
	if got := counts(t, app, 1); got[0] != 3 {
		t.Errorf("after the error: %v", got)
	}
}

// A request that takes too long is answered, and its instance takes no more.
func TestLateInstanceIsNotUsedAgain(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		c.ComponentDefaults = alone
		c.Components = map[string]spin.ComponentConfig{"guest": {RequestTime: 200 * time.Millisecond, RequestTimeBelow: 400 * time.Millisecond}}
	})
	counts(t, app, 2)
	wantEmpty(t, ask(app, "/never"), http.StatusInternalServerError)
	if got := counts(t, app, 2); got[0] != 1 || got[1] != 2 {
		t.Errorf("afterwards: %v", got)
	}
}

// Requests that compute spread over instances, and with them over processors.
func TestRequestsThatComputeHaveInstancesOfTheirOwn(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		c.ComponentDefaults = quiet
		c.Limits.ComputeTime = 2 * time.Second
	})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { wantEmpty(t, ask(app, "/loop"), http.StatusInternalServerError) })
	}
	eventually(t, "each has its instance", func() bool { return app.Stats().Instances == 2 })
	wg.Wait()
}

// Requests that come while others wait for something share their instance: the guest answers
// when both are there.
func TestRequestsThatWaitShareAnInstance(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		c.ComponentDefaults = quiet
		c.ComponentDefaults.RequestTime = 20 * time.Second
	})
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() {
			if w := ask(app, "/barrier?n=2"); w.Code != 200 || w.Body.String() != "met 2" {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		})
		if i == 0 {
			eventually(t, "the guest waits", func() bool { return app.Stats().Handles > 0 })
		}
	}
	wg.Wait()
}

func TestMemoryOfAComponent(t *testing.T) {
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		c.Components = map[string]spin.ComponentConfig{"guest": {Memory: 64 << 10}}
	})
	wantEmpty(t, ask(app, "/hello"), http.StatusInternalServerError)
}
