package spin_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

func computeTime(d time.Duration) func(*spin.Config) {
	return func(c *spin.Config) { c.Limits.ComputeTime = d }
}

// A guest that computes for ever is stopped at its limit; others are served meanwhile.
func TestEndlessLoop(t *testing.T) {
	for _, path := range []string{"/loop", "/loop-host"} {
		t.Run(path[1:], func(t *testing.T) {
			each(t, nil, func(t *testing.T, g guest) {
				r := g.run(t, computeTime(300*time.Millisecond))
				r.alive(g)
				done := make(chan int, 1)
				go func() {
					s, _ := r.get(path)
					done <- s
				}()
				eventually(t, "the loop runs", func() bool { return r.app.Stats().Instances > 0 })
				r.alive(g)
				if s := <-done; s != 500 {
					t.Errorf("the loop was answered %d", s)
				}
				r.alive(g)
			})
		})
	}
}

// Those that share an instance with an endless loop get 500 at its limit, and nobody else.
func TestEndlessLoopInSharedInstance(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) {
			c.Limits.ComputeTime = 500 * time.Millisecond
			c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1}}
		})
		r.alive(g)
		var wg sync.WaitGroup
		waits := func(path string) {
			wg.Go(func() {
				if s, b := r.get(path); s != 500 || b != "" {
					t.Errorf("%s: %d %q", path, s, b)
				}
			})
		}
		waits("/never")
		eventually(t, "the first waits", func() bool { return r.app.Stats().Handles > 0 })
		waits("/loop")
		wg.Wait()
		r.alive(g)
	})
}

func TestRequestTime(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) { c.Limits.RequestTime = time.Second })
		if s, b := r.get("/sleep?ms=60000"); s != 500 || b != "" {
			t.Errorf("%d %q", s, b)
		}
		r.alive(g)
	})
}

// Five hundred guests that compute do not keep another from answering.
func TestHelloAmongSpinningGuests(t *testing.T) {
	g := guests[2]
	r := g.run(t, func(c *spin.Config) {
		c.Limits.ComputeTime = time.Hour
		c.Components = map[string]spin.ComponentConfig{"guest": {MaxRequests: 1}}
	})
	r.alive(g)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	client := &http.Client{Transport: &http.Transport{}}
	var wg sync.WaitGroup
	for range 500 {
		wg.Go(func() {
			req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/loop", nil)
			if res, err := client.Do(req); err == nil {
				res.Body.Close()
			}
		})
	}
	hello := time.Now()
	r.alive(g) // in the midst of those that come
	t.Logf("hello among spinning guests that come took %v", time.Since(hello))
	for end := time.Now().Add(time.Minute); r.app.Stats().Instances < 500; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) { // one begins every 20 ms
			t.Fatalf("%d guests run", r.app.Stats().Instances)
		}
	}
	for range 5 {
		begin := time.Now()
		r.alive(g)
		t.Logf("hello among 500 spinning guests took %v", time.Since(begin))
	}
	stop()
	client.CloseIdleConnections()
	kill, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_ = r.app.Close(kill) // ends them; the cleanup sees that nothing is left
	wg.Wait()
}
