package spin_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
)

// changing is a provider whose value, or failure, changes.
type changing struct {
	mu    sync.Mutex
	value string
	err   error
	asked int
}

func (c *changing) set(value string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.value, c.err = value, err
}

func (c *changing) Get(_ context.Context, name string) (string, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if name == "peer" {
		c.asked++
	}
	return c.value, name == "peer", c.err
}

// Allowed hosts follow the values of their variables, one instance after the other. A value that is
// gone, or none, denies and harms nothing else.
func TestAllowedHostsOfEachInstance(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("reached"))
	}))
	defer peer.Close()
	const elsewhere = "127.0.0.1:9"
	here := strings.TrimPrefix(peer.URL, "http://")
	for _, g := range []guest{guestP2, guestP3} {
		t.Run(g.name, func(t *testing.T) {
			p := &changing{value: elsewhere}
			log := &buffer{}
			text := strings.Replace(hostsTOML(`"http://{{ peer }}"`), `secret = { required = true, secret = true }`, "", 1)
			app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": g.wasm(t)}), func(c *spin.Config) {
				c.Variables = []variables.Provider{p}
				c.Logger = logTo(log, slog.LevelWarn)
				c.Components = map[string]spin.ComponentConfig{"guest": {MaxRequests: 1}}
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				value   string
				err     error
				reached bool
			}{
				{elsewhere, nil, false}, {here, nil, true}, {here, nil, true}, {here, errSealed, false},
				{"not a host", nil, false}, {here, nil, true}, {elsewhere, nil, false},
			} {
				p.set(c.value, c.err)
				w := ask(app, "/outbound?url="+peer.URL)
				if (w.Body.String() == "reached") != c.reached {
					t.Errorf("%+v: %d %q", c, w.Code, w.Body)
				}
				if w := ask(app, "/hello"); w.Code != 200 {
					t.Errorf("%+v: the guest is gone: %d", c, w.Code)
				}
			}
			for _, want := range []string{
				"as the variable \\\"peer\\\" has no value",
				`resolves to \"http://not a host\"`,
			} {
				if strings.Count(log.String(), want) < 1 {
					t.Errorf("%s is not in\n%s", want, log)
				}
			}
			if n := strings.Count(log.String(), "msg=allowed_outbound_hosts"); n != 2 {
				t.Errorf("%d faults are logged, want each once:\n%s", n, log)
			}
		})
	}
}

// An instance keeps what it has begun with, and components without variables ask for none.
func TestAllowedHostsStayThoseOfTheInstance(t *testing.T) {
	peer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("reached"))
	}))
	defer peer.Close()
	p := &changing{value: strings.TrimPrefix(peer.URL, "http://")}
	text := strings.Replace(hostsTOML(`"http://{{ peer }}"`), `secret = { required = true, secret = true }`, "", 1)
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
		c.Variables = []variables.Provider{p}
		c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1, IdleTime: time.Hour}}
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if w := ask(app, "/outbound?url="+peer.URL); w.Body.String() != "reached" {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		p.set("127.0.0.1:9", nil)
	}
	if p.asked != 2 { // when it was loaded, and for the one instance
		t.Errorf("the provider was asked %d times", p.asked)
	}
	plain := &changing{}
	app, err = loadBundle(t, bundle(strings.Replace(minimal, "[[trigger.http]]", "[variables]\npeer = { required = true }\n[[trigger.http]]", 1)+
		"allowed_outbound_hosts = [\""+peer.URL+"\"]\n", map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
		c.Variables = []variables.Provider{plain}
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/outbound?url="+peer.URL); w.Body.String() != "reached" || plain.asked != 0 {
		t.Errorf("%d %q, asked %d times", w.Code, w.Body, plain.asked)
	}
}

// A caller who leaves while a provider is asked gets no instance that would deny others.
func TestCallerLeavesWhileHostsAreResolved(t *testing.T) {
	gone := errors.New("gone")
	slow := provider(func(ctx context.Context, name string) (string, bool, error) {
		if name != "peer" || ctx.Value(waits{}) == nil {
			return "127.0.0.1:9", true, nil
		}
		<-ctx.Done()
		return "", false, context.Cause(ctx)
	})
	app, err := loadBundle(t, bundle(hostsTOML(`"http://{{ peer }}"`), map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
		c.Variables = []variables.Provider{slow}
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancelCause(context.WithValue(t.Context(), waits{}, true))
	time.AfterFunc(20*time.Millisecond, func() { stop(gone) })
	func() {
		defer func() {
			if err := recover(); err != http.ErrAbortHandler {
				t.Errorf("the handler ends with %v", err)
			}
		}()
		app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "http://localhost/hello", nil).WithContext(ctx))
	}()
	if s := app.Stats(); s.Instances != 0 {
		t.Errorf("%+v", s)
	}
	if w := ask(app, "/hello"); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}

type waits struct{}
