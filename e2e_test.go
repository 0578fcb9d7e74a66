package spin_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

func TestHello(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		for range 3 {
			r.alive(g)
		}
		res, err := http.Get(r.url + "/hello")
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.Header.Get("x-guest") != g.name || res.Header.Get("content-type") != "text/plain" {
			t.Error(res.Header)
		}
		r.want("/no/such/route", 404, func() string { _, b := r.get("/no/such/route"); return b }())
	})
}

// The guest sends each piece of the request body back before the next is sent.
func TestEchoStreams(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		in, out := io.Pipe()
		req, _ := http.NewRequest(http.MethodPost, r.url+"/echo", in)
		req.Header.Set("content-type", "text/echo")
		go out.Write([]byte("first piece"))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.Header.Get("content-type") != "text/echo" {
			t.Error(res.Header)
		}
		expect := func(s string) {
			t.Helper()
			b := make([]byte, len(s))
			if _, err := io.ReadFull(res.Body, b); err != nil || string(b) != s {
				t.Fatalf("got %q, %v; want %q", b, err, s)
			}
		}
		expect("first piece")
		for i := range 5 {
			s := fmt.Sprintf("piece %d", i)
			go out.Write([]byte(s))
			expect(s)
		}
		out.Close()
		if b, err := io.ReadAll(res.Body); err != nil || len(b) > 0 {
			t.Errorf("%q, %v", b, err)
		}
	})
}

func TestEchoMuch(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		body := strings.Repeat("0123456789abcdef", 256<<10) // 4 MiB
		if s, b := r.do(http.MethodPost, "/echo", strings.NewReader(body)); s != 200 || b != body {
			t.Errorf("%d, %d bytes", s, len(b))
		}
	})
}

func TestEchoTrailers(t *testing.T) {
	each(t, isAsync, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		req, _ := http.NewRequest(http.MethodPost, r.url+"/echo", io.NopCloser(strings.NewReader("body")))
		req.Trailer = http.Header{"X-Sum": {"42"}}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if b, err := io.ReadAll(res.Body); err != nil || string(b) != "body" || res.Trailer.Get("x-sum") != "42" {
			t.Errorf("%q, %v, trailer %v", b, err, res.Trailer)
		}
	})
}

func TestRequestReachesTheGuest(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		req, _ := http.NewRequest(http.MethodPut, r.url+"/headers?a=b%20c&d", nil)
		req.Header.Set("X-Custom", "some value")
		req.Header.Set("Spin-Path-Info", "forged")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		got := lines(string(b))
		host := strings.TrimPrefix(r.url, "http://")
		for _, want := range []string{
			":method: PUT", ":path: /headers?a=b%20c&d", "x-custom: some value",
			"spin-path-info: /headers", "spin-raw-component-route: /...", "spin-matched-route: /...",
			"spin-base-path: /", "spin-component-route: ",
			"spin-full-url: http://" + host + "/headers?a=b%20c&d",
		} {
			if !slices.ContainsFunc(got, func(l string) bool { return strings.EqualFold(strings.TrimSpace(l), strings.TrimSpace(want)) }) {
				t.Errorf("no %q in\n%s", want, b)
			}
		}
		if strings.Contains(string(b), "forged") {
			t.Errorf("forged header in\n%s", b)
		}
	})
}

func TestOutbound(t *testing.T) {
	up := newUpstream(t)
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		r.want("/outbound?url="+url.QueryEscape(up.URL+"/ok"), 200, "fine")
		r.want("/outbound?url="+url.QueryEscape(up.URL+"/teapot"), 418, "short and stout")
		before := up.count("/ok")
		if s, _ := r.get("/outbound?url=" + url.QueryEscape(up.URL+"/redirect")); s != 302 || up.count("/ok") != before {
			t.Errorf("a redirect was followed: %d", s)
		}
		body := strings.Repeat("outbound ", 50_000)
		if s, b := r.do(http.MethodPost, "/outbound?url="+url.QueryEscape(up.URL+"/echo"), strings.NewReader(body)); s != 200 || b != body {
			t.Errorf("echo through the guest: %d, %d bytes of %d", s, len(b), len(body))
		}
	})
}

func TestOutboundRefused(t *testing.T) {
	up := newUpstream(t)
	up.Close()
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		if s, b := r.get("/outbound?url=" + url.QueryEscape(up.URL+"/ok")); s != 502 || b == "" {
			t.Errorf("%d %q", s, b)
		}
		r.alive(g)
	})
}

func TestOutboundDenied(t *testing.T) {
	up := newUpstream(t)
	each(t, nil, func(t *testing.T, g guest) {
		for _, hosts := range []string{`[]`, `["http://127.0.0.1:1"]`, `["https://127.0.0.1:*"]`} {
			r := serve(t, g.manifest(t, hosts), nil)
			if s, _ := r.get("/outbound?url=" + url.QueryEscape(up.URL+"/ok")); s != 502 {
				t.Errorf("%s: %d", hosts, s)
			}
			r.alive(g)
		}
		if n := up.count("/ok"); n != 0 {
			t.Errorf("%d requests came through", n)
		}
	})
}

func TestOutput(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		if s, b := r.get("/stdout?text=" + url.QueryEscape("one two")); s != 204 && s != 200 {
			t.Error(s, b)
		}
		eventually(t, "output", func() bool {
			return strings.Contains(r.stdout.String(), "one two\n") && strings.Contains(r.stderr.String(), "err:one two\n")
		})
	})
}

func TestEnvironment(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) { c.Env = map[string]string{"GREETING": "goodbye", "EXTRA": "more"} })
		_, b := r.get("/env")
		for _, want := range []string{"COLOUR=green", "GREETING=goodbye", "EXTRA=more"} {
			if !slices.Contains(lines(b), want) {
				t.Errorf("no %s in %q", want, b)
			}
		}
		if strings.Contains(b, "PATH=") || strings.Contains(b, "HOME=") {
			t.Errorf("the host's environment is visible: %q", b)
		}
	})
}

func TestPanic(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		for range 3 {
			if g.lang == "javascript" { // begins a response of its own, and leaves it unfinished
				if res, err := http.Get(r.url + "/panic"); err != nil || res.StatusCode != 500 {
					t.Errorf("%+v, %v", res, err)
				} else {
					res.Body.Close()
				}
			} else if s, b := r.get("/panic"); s != 500 || b != "" {
				t.Errorf("%d %q", s, b)
			}
			r.alive(g)
		}
	})
}

func TestRandomAndClock(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		_, a := r.get("/random")
		_, b := r.get("/random")
		if a == b || len(a) != 32 {
			t.Errorf("random %q, %q", a, b)
		}
		_, now := r.get("/now")
		n, err := strconv.ParseInt(strings.TrimSpace(now), 10, 64)
		if d := time.Now().Unix() - n; err != nil || d < 0 || d > 5 {
			t.Errorf("clock %q: %v", now, err)
		}
	})
}

func TestSleep(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		begin := time.Now()
		r.want("/sleep?ms=50", 200, "slept")
		if d := time.Since(begin); d < 50*time.Millisecond {
			t.Errorf("slept for %v", d)
		}
	})
}

func TestBytes(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		s, b := r.get("/bytes?n=1000003")
		if s != 200 || len(b) != 1000003 {
			t.Fatalf("%d, %d bytes", s, len(b))
		}
		for i := range len(b) {
			if b[i] != byte(i%251) {
				t.Fatalf("byte %d is %d", i, b[i])
			}
		}
	})
}

func TestStatus(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		for _, code := range []int{200, 204, 404, 418, 503, 599} {
			if s, _ := r.get(fmt.Sprintf("/status?code=%d", code)); s != code {
				t.Errorf("%d: got %d", code, s)
			}
		}
		for _, code := range []int{0, 99, 1000, 70000} {
			if s, _ := r.get(fmt.Sprintf("/status?code=%d", code)); s < 400 && g.lang != "javascript" {
				t.Errorf("%d: got %d", code, s)
			}
		}
		r.alive(g)
	})
}

func TestBadHeaders(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		s, b := r.get("/bad-header")
		got := lines(b)
		for i, want := range []string{"name: invalid-syntax", "value: invalid-syntax", "forbidden: forbidden", "immutable: immutable"} {
			if g.lang == "javascript" && i == 3 {
				want = "immutable: " // the runtime's own error
			}
			if s != 200 || i >= len(got) || !strings.HasPrefix(got[i], want) {
				t.Errorf("%d\n%s\nwant %q", s, b, want)
			}
		}
	})
}

func TestRequestBodyNobodyReads(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		for range 3 {
			if s, b := r.do(http.MethodPost, "/no-read", strings.NewReader(strings.Repeat("x", 300_000))); s != 200 || b != "ignored" {
				t.Errorf("%d %q", s, b)
			}
		}
		r.alive(g)
	})
}

func TestNoResponse(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		if s, _ := r.get("/no-response"); s != 500 {
			t.Error(s)
		}
		r.alive(g)
	})
}

func TestSlowBody(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, nil)
		res, err := http.Get(r.url + "/slow-body?chunks=4&ms=20")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		s := bufio.NewScanner(res.Body)
		for i := range 4 {
			if !s.Scan() || s.Text() != fmt.Sprintf("chunk %d", i) {
				t.Fatalf("line %d: %q, %v", i, s.Text(), s.Err())
			}
		}
	})
}

// The state of a guest's memory shows who shares an instance.
func TestInstances(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		one := func(c *spin.Config) { c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1}} }
		r := g.run(t, one)
		for i := range 3 {
			want := "1"
			if g.async {
				want = strconv.Itoa(i + 1)
			}
			r.want("/count", 200, want)
		}
	})
}

// Whatever others have done, panicked and left in memory before, a fresh instance is as new. Stores
// of instances that have ended are used again.
func TestFreshInstancesAreAsNew(t *testing.T) {
	each(t, nil, func(t *testing.T, g guest) {
		r := g.run(t, func(c *spin.Config) {
			c.Components = map[string]spin.ComponentConfig{"guest": {MaxRequests: 1}}
		})
		var wg sync.WaitGroup
		for k := range 4 {
			wg.Go(func() {
				for i := range 30 {
					switch (i + k) % 5 {
					case 0:
						r.want("/panic", 500, "")
					case 1:
						text := strings.Repeat(strconv.Itoa(i), 5000*k+1)
						if s, b := r.do(http.MethodPost, "/echo", strings.NewReader(text)); s != 200 || b != text {
							t.Errorf("echo: %d, %d bytes of %d", s, len(b), len(text))
						}
					default:
						r.want("/count", 200, "1")
					}
				}
			})
		}
		wg.Wait()
	})
}

func TestSharingLimits(t *testing.T) {
	g := guests[2]
	tests := []struct {
		name string
		cfg  spin.ComponentConfig
		want []string
	}{
		{"off", spin.ComponentConfig{MaxRequests: 1}, []string{"1", "1", "1"}},
		// One instance: a guest may still be busy when its answer has come, and the next request be served by another.
		{"two requests", spin.ComponentConfig{MaxRequests: 2, MaxInstances: 1}, []string{"1", "2", "1", "2", "1"}},
		{"default", spin.ComponentConfig{MaxInstances: 1}, []string{"1", "2", "3"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := g.run(t, func(c *spin.Config) { c.Components = map[string]spin.ComponentConfig{"guest": tt.cfg} })
			for _, want := range tt.want {
				r.want("/count", 200, want)
			}
		})
	}
	t.Run("idle", func(t *testing.T) {
		r := g.run(t, func(c *spin.Config) {
			c.Components = map[string]spin.ComponentConfig{"guest": {IdleTime: 10 * time.Millisecond}}
		})
		r.want("/count", 200, "1")
		eventually(t, "the idle instance is gone", func() bool { return r.app.Stats().Instances == 0 })
		r.want("/count", 200, "1")
	})
}
