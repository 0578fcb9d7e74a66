package spin_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
	keyvalue3 "github.com/spinhost/spin/hostapi/keyvalue/v3"
)

// journal is middleware that writes down which calls have ended how.
type journal struct {
	mu    sync.Mutex
	begun int
	lines []string
}

func (j *journal) wrap(s *hostapi.Scope, f hostapi.Function) abi.Around {
	if f.Capability != "key_value_stores" {
		return nil
	}
	return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.begun++
		return ctx, func(o abi.Outcome) {
			j.mu.Lock()
			defer j.mu.Unlock()
			j.lines = append(j.lines, fmt.Sprintf("%s: %s %s: %s", s.App, s.Name(), f, o))
		}, nil
	}
}

func (j *journal) want(t *testing.T, want ...string) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if !slices.Equal(j.lines, want) || j.begun != len(want) {
		t.Errorf("%d calls:\n%s\nwant\n%s", j.begun, strings.Join(j.lines, "\n"), strings.Join(want, "\n"))
	}
	j.begun, j.lines = 0, nil
}

func TestMiddlewareSeesCalls(t *testing.T) {
	var j journal
	app := loadKV(t, `["default"]`, spin.Config{HostAPIs: spin.DefaultHostAPIs().Wrap(j.wrap)})
	const v2, v3 = "fermyon:spin/key-value@2.0.0", "spin:key-value/key-value@3.0.0"
	wantText(t, app, "/2/set?store=default&key=k&value=v", "set")
	j.want(t, "stores: kv-p2 "+v2+"#[static]store.open: returned", "stores: kv-p2 "+v2+"#[method]store.set: returned")
	wantText(t, app, "/3/get?store=default&key=k&times=1", "v")
	j.want(t, "stores: kv-p3 "+v3+"#[static]store.open: returned", "stores: kv-p3 "+v3+"#[method]store.get: returned")
	wantText(t, app, "/3/get?store=other", `error "access-denied"`)
	j.want(t, "stores: kv-p3 "+v3+"#[static]store.open: refused")
}

// A dependency is told from the component, and what it is denied does not reach the interface.
func TestMiddlewareSeesDependencies(t *testing.T) {
	for inherit, want := range map[string][]string{
		`["key_value_stores"]`: {"composed: main/acme:probe/probe fermyon:spin/key-value@2.0.0#[static]store.open: refused",
			"composed: main/acme:probe/probe wasi:keyvalue/store@0.2.0-draft2#open: refused"},
		`[]`: nil,
	} {
		var j journal
		toml := mainTOML + "[component.main.dependencies]\n" + `"acme:probe/probe" = { path = "probe.wasm", inherit_configuration = ` + inherit + " }\n"
		apis := spin.DefaultHostAPIs().With(hostapi.Interface{ID: "acme:geo/lookup@1.0.0", Bind: func(*hostapi.Scope) (*abi.Interface, error) {
			return &abi.Interface{ID: "acme:geo/lookup@1.0.0", Funcs: []abi.Func{{Name: "here", Type: "func()->u32", Serve: func(c *abi.Call) { c.Return(7) }}}}, nil
		}})
		app, err := loadComposed(t, toml, spin.Config{HostAPIs: apis.Wrap(j.wrap)})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.Invoke(t.Context(), "main", "acme:main/run#try"); err != nil {
			t.Fatal(err)
		}
		j.want(t, want...)
	}
}

// Middleware refuses calls as if the manifest did, with an error of the interface, or with a trap.
func TestMiddlewareRefusesCalls(t *testing.T) {
	for _, test := range []struct {
		err     error
		two     string
		three   string
		traps   bool
		outcome string
	}{
		{fmt.Errorf("too often: %w", hostapi.ErrDenied), `error "access-denied"`, `error "access-denied"`, false, "refused"},
		{keyvalue3.ErrorOther("quota"), "", `error "quota"`, false, "refused"},
		{errors.New("no such thing"), "", "", true, "trapped"},
	} {
		refuse := func(_ *hostapi.Scope, f hostapi.Function) abi.Around {
			if f.Name != "[static]store.open" {
				return nil
			}
			return func(context.Context) (context.Context, func(abi.Outcome), error) { return nil, nil, test.err }
		}
		logged := new(buffer)
		app := loadKV(t, `["default"]`, spin.Config{HostAPIs: spin.DefaultHostAPIs().Wrap(refuse), Logger: logTo(logged, 0)})
		if test.two != "" {
			wantText(t, app, "/2/get?store=default&key=k", test.two)
		}
		if test.three != "" {
			wantText(t, app, "/3/get?store=default&key=k", test.three)
		}
		if test.traps {
			wantEmpty(t, ask(app, "/3/get?store=default&key=k"), 500)
			if !strings.Contains(logged.String(), test.err.Error()) {
				t.Errorf("the log does not say why: %s", logged)
			}
		}
		r := app.Capabilities()
		c := r.Components[len(r.Components)-1]
		if !slices.ContainsFunc(c.Interfaces, func(i capability.InterfaceUse) bool {
			return slices.ContainsFunc(i.Calls, func(n capability.Count) bool { return n.Outcome == test.outcome })
		}) {
			t.Errorf("no call in the report has %s: %+v", test.outcome, c)
		}
	}
}

// stuck is a Store whose Get waits until it is freed, whatever becomes of its context.
type stuck struct {
	keyvalue.Store
	begun, free chan struct{}
}

func (s *stuck) Get(context.Context, string) ([]byte, bool, error) {
	close(s.begun)
	<-s.free
	return nil, false, context.Canceled
}

// Of a call that ends with its guest the middleware is told, too.
func TestMiddlewareSeesTheEnd(t *testing.T) {
	ended := make(chan abi.Outcome, 1)
	get := func(_ *hostapi.Scope, f hostapi.Function) abi.Around {
		if f.Name != "[method]store.get" {
			return nil
		}
		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
			return ctx, func(o abi.Outcome) { ended <- o }, nil
		}
	}
	store := &stuck{keyvalue.Memory(), make(chan struct{}), make(chan struct{})}
	app := loadKV(t, `["default"]`, spin.Config{
		HostAPIs: spin.DefaultHostAPIs().Wrap(get), KeyValueStores: map[string]keyvalue.Store{"default": store},
		Limits: spin.Limits{RequestTime: 100 * time.Millisecond},
	})
	defer close(store.free)
	wantEmpty(t, ask(app, "/3/get?store=default&key=k&times=1"), 500)
	if o := <-ended; o != abi.Abandoned {
		t.Errorf("the call has %v", o)
	}
	<-store.begun
}

// Quotas: the first hundred calls a component makes of a function in each minute are served.
func ExampleConfig_hostAPIs() {
	quota := func(s *hostapi.Scope, f hostapi.Function) abi.Around {
		if f.Capability == "" {
			return nil // free of charge
		}
		var mu sync.Mutex
		var since time.Time
		var n int
		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
			mu.Lock()
			defer mu.Unlock()
			if now := time.Now(); now.Sub(since) > time.Minute {
				since, n = now, 0
			}
			if n++; n > 100 {
				return nil, nil, fmt.Errorf("%s may call %s 100 times a minute: %w", s.Name(), f, hostapi.ErrDenied)
			}
			return ctx, nil, nil
		}
	}
	app, err := spin.Load(context.Background(), "examples/hello", &spin.Config{
		HostAPIs: spin.DefaultHostAPIs().Wrap(quota),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/", nil))
	fmt.Println(w.Body)
	// Output: Hello, world!
}
