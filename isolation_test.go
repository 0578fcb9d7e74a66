package spin_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
)

// A trap is the end of its instance, and so of all that this had not answered; nobody else notices.
func TestTrapAmongRequestsOfOneInstance(t *testing.T) {
	u := newUpstream(t)
	files := bundle(minimal+"allowed_outbound_hosts = [\""+u.URL+"\"]\n", map[string][]byte{"guest.wasm": guestP3.wasm(t)})
	app, err := loadBundle(t, files, func(c *spin.Config) { c.ComponentDefaults = alone })
	if err != nil {
		t.Fatal(err)
	}
	counts(t, app, 1)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() { wantEmpty(t, ask(app, "/outbound?url="+u.URL+"/hang"), http.StatusInternalServerError) })
	}
	eventually(t, "both wait", func() bool { return u.count("/hang") == 2 })
	wantEmpty(t, ask(app, "/panic"), http.StatusInternalServerError)
	wg.Wait()
	if got := counts(t, app, 2); got[0] != 1 || got[1] != 2 {
		t.Errorf("after the trap: %v", got)
	}
}

// A component that nothing calls may import whatever it likes.
func TestComponentThatNothingCallsIsNotLinked(t *testing.T) {
	files := map[string][]byte{"guest.wasm": guestP3.wasm(t), "unknown.wasm": tiny([]string{"acme:nobody/knows"}, nil)}
	const unused = "\n[component.unused]\nsource = \"unknown.wasm\"\n"
	app, err := loadBundle(t, bundle(minimal+unused, files), nil)
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello"); w.Code != http.StatusOK {
		t.Errorf("%d", w.Code)
	}
	const used = "[[trigger.http]]\nroute = \"/unused\"\ncomponent = \"unused\"\n"
	if _, err := loadBundle(t, bundle(minimal+unused+used, files), nil); err == nil || !strings.Contains(err.Error(), "acme:nobody/knows") {
		t.Errorf("one that is called: %v", err)
	}
}

// Requests to the app itself reach the app, whatever host the client has asked for.
func TestSelfIsTheAppWhateverItsClientCallsIt(t *testing.T) {
	elsewhere := newUpstream(t)
	each(t, isRust, func(t *testing.T, g guest) {
		app, err := loadBundle(t, bundle(minimal+`allowed_outbound_hosts = ["http://self"]`, map[string][]byte{"guest.wasm": g.wasm(t)}), nil)
		if err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodGet, "/outbound?url=http://self.alt/hello", nil)
		req.Host = strings.TrimPrefix(elsewhere.URL, "http://")
		w := httptest.NewRecorder()
		app.ServeHTTP(w, req)
		if w.Code != 200 || w.Body.String() != "Hello, "+g.name+"!" || elsewhere.count("/hello") > 0 {
			t.Errorf("%d %q", w.Code, w.Body)
		}
	})
}

// The wildcard for components reaches those of the app, and leads nowhere else.
func TestWildcardOfComponentsReachesNoOtherNames(t *testing.T) {
	var log buffer
	app := loadChain(t, guestP3, func(c *spin.Config) { c.Logger = logTo(&log, 0) })
	if w := ask(app, via("two", "http://absent.spin.internal/hello")); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "DestinationNotFound") ||
		!strings.Contains(log.String(), `the app has no component \"absent\"`) {
		t.Errorf("%d %q, log %s", w.Code, w.Body, &log)
	}
	if w := ask(app, via("two", "http://a.b.spin.internal/hello")); w.Code != http.StatusBadGateway || !strings.Contains(w.Body.String(), "HttpRequestDenied") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// Allowed hosts that are none are faults of the manifest, wherever they are allowed from.
func TestAllowedHostsThatAreNone(t *testing.T) {
	files := map[string][]byte{"guest.wasm": guestP3.wasm(t)}
	for host, ok := range map[string]bool{
		"http://h/": true, "http://h": true, "*://h:80": true, "redis://h": true, "*://*:*": true,
		"*://h": false, "http://h/x": false, "h": false, "http://": false, "http://h:80..": false, "http://*.10.0.0.1": false, "": false, "ftp://h": false, "insecure:allow-all": false,
	} {
		_, err := loadBundle(t, bundle(minimal+"allowed_outbound_hosts = [\n  \"http://fine\",\n  \""+host+"\",\n]\n", files), nil)
		if (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "spin.toml:13:3") {
			t.Errorf("%q: %v", host, err)
		}
	}
}

// An endpoint that is left empty, a scheme alone too, allows nothing, and the others hold. Variables that no entry
// has do not matter at all, even if they have no value.
func TestEmptyEndpointsAndVariablesOfOtherThings(t *testing.T) {
	peer := newUpstream(t)
	files := map[string][]byte{"guest.wasm": guestP3.wasm(t)}
	app, err := loadBundle(t, bundle(hostsTOML(`"https://{{ spare }}", "http://{{ spare }}", "`+peer.URL+`"`), files), func(c *spin.Config) {
		c.Variables = []variables.Provider{sealed{}}
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/outbound?url="+peer.URL+"/ok"); w.Body.String() != "fine" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := ask(app, "/outbound?url=http://127.0.0.1:9/"); !strings.Contains(w.Body.String(), "HttpRequestDenied") {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// Who waits for a connection waits no longer than the request may.
func TestWaitingForAConnectionEndsWithTheRequest(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		noGoroutines(t)
		s := newCounter(t)
		late := errors.New("nobody waits so long")
		app := loadPair(t, g, func(c *spin.Config) {
			c.RuntimeConfig = configured(t, "", "[outbound_http]\nmax_connections = 1\n")
			c.InterceptHTTP = func(_ spin.Origin, next http.RoundTripper) http.RoundTripper {
				return roundTrip(func(req *http.Request) (*http.Response, error) {
					if req.URL.Path != "/late" {
						return next.RoundTrip(req)
					}
					ctx, stop := context.WithTimeoutCause(req.Context(), 50*time.Millisecond, late)
					defer stop()
					return next.RoundTrip(req.WithContext(ctx))
				})
			}
		})
		held := make(chan int)
		go func() { held <- ask(app, "/outbound?url="+s.URL+"/hold").Code }()
		<-s.held
		if w := ask(app, "/outbound?url="+s.URL+"/late"); w.Code != http.StatusBadGateway {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		close(s.free)
		if code := <-held; code != 200 {
			t.Errorf("%d", code)
		}
		if n := s.made.Load(); n != 1 {
			t.Errorf("%d connections", n)
		}
	})
}
