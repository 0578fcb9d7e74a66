package spin_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

// A hundred calls at once, each of which takes 200 ms, take little more than one.
func TestFanout(t *testing.T) {
	up := newUpstream(t)
	each(t, hasTasks, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		r.alive(g)
		begin := time.Now()
		r.want("/fanout?n=100&url="+url.QueryEscape(up.URL+"/delay?for=200ms"), 200, "ok 100")
		t.Logf("100 calls of 200 ms took %v", time.Since(begin))
	})
}

// The first of two calls wins; the peer of the other sees that it was given up.
func TestRace(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		up := newUpstream(t)
		r := g.run(t, nil)
		loser := "/hang"
		if g.lang == "python" { // its SDK cannot cancel: the loser runs to its end
			loser = "/delay?for=400ms"
		}
		winner := up.URL + "/delay?for=100ms" // the loser's call is out by then
		r.want(fmt.Sprintf("/race?a=%s&b=%s", url.QueryEscape(up.URL+loser), url.QueryEscape(winner)), 200, "waited 100ms")
		if g.lang != "python" {
			eventually(t, "the loser's connection is closed", func() bool { return up.left("/hang") == 1 })
		}
		r.alive(g)
	})
}

// A task that the handler has spawned goes on writing the body when the handler is over.
func TestSpawn(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		res, err := http.Get(r.url + "/spawn?chunks=5&ms=20")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		s := bufio.NewScanner(res.Body)
		for i := range 5 {
			if !s.Scan() || s.Text() != fmt.Sprintf("chunk %d", i) {
				t.Fatalf("line %d: %q, %v", i, s.Text(), s.Err())
			}
		}
	})
}

// Work goes on after the response has ended.
func TestBackground(t *testing.T) {
	each(t, hasTasks, func(t *testing.T, g guest) {
		up := newUpstream(t)
		r := g.run(t, nil)
		r.want("/background?ms=50&url="+url.QueryEscape(up.URL+"/ok"), 200, "started")
		eventually(t, "the call after the response", func() bool { return strings.Contains(r.stdout.String(), "background: 200") })
		if up.count("/ok") != 1 {
			t.Error("the call did not come")
		}
	})
}

// Sixteen requests meet inside one instance.
func TestBarrier(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) {
			c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1, MaxConcurrent: 16}}
		})
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() { r.want("/barrier?n=16", 200, "met 16") })
		}
		wg.Wait()
	})
}

// A client that leaves is noticed by the guest that writes to it, and harms nobody else.
func TestClientLeaves(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		ctx, leave := context.WithCancel(context.Background())
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/slow-body?chunks=100000&ms=5", nil)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(res.Body, make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
		leave()
		res.Body.Close()
		eventually(t, "the guest has noticed", func() bool {
			return strings.Contains(r.stderr.String(), "client left") || strings.Contains(r.stderr.String(), "terminated") || r.app.Stats().Instances == 0
		})
		r.alive(g)
		eventually(t, "all is given back", func() bool { return r.app.Stats().Instances == 0 })
	})
}

// A client that leaves while the guest waits for a timer ends nothing else of the instance.
func TestClientLeavesASharedInstance(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) { c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1}} })
		var other sync.WaitGroup
		defer other.Wait()
		other.Go(func() { r.want("/barrier?n=2", 200, "met 2") })
		eventually(t, "the other waits", func() bool { return r.app.Stats().Handles > 0 })
		ctx, leave := context.WithCancel(context.Background())
		defer leave()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/slow-body?chunks=1000&ms=50", nil)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if _, err := io.ReadFull(res.Body, make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the guest waits for its timer", func() bool { return r.app.Stats().HostCalls > 0 })
		leave()
		eventually(t, "the guest has noticed", func() bool { return strings.Contains(r.stderr.String(), "client left") })
		r.want("/barrier?n=2", 200, "met 2")
	})
}

// A client that leaves before it has an answer gives its request up.
func TestClientLeavesEarly(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		up := newUpstream(t)
		r := g.run(t, nil)
		r.alive(g)
		ctx, leave := context.WithCancel(context.Background())
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/outbound?url="+url.QueryEscape(up.URL+"/hang"), nil)
		done := make(chan error, 1)
		go func() {
			res, err := http.DefaultClient.Do(req)
			if err == nil {
				res.Body.Close()
			}
			done <- err
		}()
		eventually(t, "the call has come", func() bool { return up.count("/hang") == 1 })
		leave()
		if err := <-done; err == nil {
			t.Error("an answer came")
		}
		if g.lang == "rust" {
			eventually(t, "the call is given up", func() bool { return up.left("/hang") == 1 })
		}
		r.alive(g)
	})
}

// Requests that wait for ever end with their client, or, where the guest cannot be asked to
// give up, soon after.
func TestNever(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) { c.Limits.TailTime = 100 * time.Millisecond })
		ctx, leave := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer leave()
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/never", nil)
		if _, err := http.DefaultClient.Do(req); err == nil {
			t.Error("an answer came")
		}
		r.alive(g)
	})
}
