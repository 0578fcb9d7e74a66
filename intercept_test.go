package spin_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// roundTrip is an http.RoundTripper that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, text string) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"text/plain"}}, Body: io.NopCloser(strings.NewReader(text))}, nil
}

// What stands before outbound requests decides what becomes of each.
func TestInterceptHTTP(t *testing.T) {
	u := newUpstream(t)
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		var log buffer
		app := loadPair(t, g, func(c *spin.Config) {
			c.Logger = logTo(&log, 0)
			c.InterceptHTTP = func(_ spin.Origin, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					switch r.URL.Path {
					case "/answered":
						return answer(203, "made up")
					case "/bare":
						return &http.Response{StatusCode: 204}, nil
					case "/denied":
						return nil, fmt.Errorf("not on a Sunday: %w", spin.ErrDenied)
					case "/code":
						return nil, fmt.Errorf("too many: %w", p3http.ErrorCodeConnectionLimitReached())
					case "/rewritten":
						r = r.Clone(r.Context())
						r.URL.Path, r.URL.RawPath = "/teapot", ""
					case "/inwards":
						r = r.Clone(r.Context())
						r.URL.Host, r.URL.Path, r.URL.RawPath = "self.alt", "/hello", ""
					case "/panic":
						panic("boom")
					case "/nothing":
						return nil, nil
					case "/no-status":
						return &http.Response{}, nil
					}
					return next.RoundTrip(r)
				})
			}
		})
		for _, tt := range []struct {
			path   string
			status int
			body   string
			log    string
		}{
			{"/ok", 200, "fine", ""},
			{"/answered", 203, "made up", ""},
			{"/bare", 204, "", ""},
			{"/denied", 502, "RequestDenied", "refused: not on a Sunday"},
			{"/code", 502, "LimitReached", "refused: too many"},
			{"/rewritten", 418, "short and stout", ""},
			{"/inwards", 200, "Hello, " + g.name + "!", ""},
			{"/panic", 502, "", "panic: boom"},
			{"/nothing", 502, "", "neither response nor error"},
			{"/no-status", 502, "", ""},
		} {
			w := ask(app, "/outbound?url="+strings.Replace(u.URL, "127.0.0.1", "localhost", 1)+tt.path)
			body := strings.ReplaceAll(strings.ReplaceAll(w.Body.String(), "-", ""), "_", "")
			want := strings.ReplaceAll(tt.body, "-", "")
			if w.Code != tt.status || !strings.Contains(strings.ToLower(body), strings.ToLower(want)) || !strings.Contains(log.String(), tt.log) {
				t.Errorf("%s: %d %q, log %s", tt.path, w.Code, w.Body, &log)
			}
		}
	})
}

// It is told whose request it is, also of those within the app, and is not asked about what the
// manifest does not allow.
func TestInterceptHTTPKnowsTheOrigin(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		var mu sync.Mutex
		var seen []string
		app := loadChain(t, g, func(c *spin.Config) {
			c.InterceptHTTP = func(from spin.Origin, next http.RoundTripper) http.RoundTripper {
				if from.Component == "lonely" {
					return nil // it is left alone
				}
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					seen = append(seen, fmt.Sprint(from.App, "/", from.Component, from.Path, " ", r.Method, " ", r.URL.Scheme, "://", r.URL.Host))
					mu.Unlock()
					return next.RoundTrip(r)
				})
			}
		})
		if w := ask(app, via("two", "http://self.alt/hello")); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := ask(app, via("lonely", "http://two.spin.internal/hello")); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if w := ask(app, "/outbound?url=http://not-allowed.example"); w.Code != 502 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		want := []string{"chain/front[] GET http://two.spin.internal", "chain/TWO[] GET http://self.alt", "chain/front[] GET http://lonely.spin.internal"}
		if got := strings.Join(seen, "\n"); got != strings.Join(want, "\n") {
			t.Errorf("got\n%s", got)
		}
	})
}

// Blocked networks are closed to what it sends, too.
func TestInterceptHTTPCannotReachBlockedNetworks(t *testing.T) {
	u := newUpstream(t)
	each(t, isRust, func(t *testing.T, g guest) {
		var got error
		app := loadPair(t, g, func(c *spin.Config) {
			c.RuntimeConfig = configured(t, "", `outbound_networking.block_networks = ["private"]`)
			c.InterceptHTTP = func(_ spin.Origin, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(r *http.Request) (*http.Response, error) {
					r = r.Clone(r.Context())
					r.URL.Host = strings.TrimPrefix(u.URL, "http://")
					res, err := next.RoundTrip(r)
					got = err
					return res, err
				})
			}
		})
		if w := ask(app, "/outbound?url=http://harmless.example/ok"); w.Code != 502 || !errors.Is(got, spin.ErrBlocked) {
			t.Errorf("%d %s, %v", w.Code, w.Body, got)
		}
	})
}
