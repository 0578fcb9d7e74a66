package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/trigger"
)

func TestLoadFromFileSystems(t *testing.T) {
	wasm := guestP3.wasm(t)
	up := strings.Replace(minimal, "guest.wasm", "../../bin/guest.wasm", 1)
	nested := fstest.MapFS{"apps/one/spin.toml": {Data: []byte(up)}, "bin/guest.wasm": {Data: wasm}}
	flat := bundle(minimal, map[string][]byte{"guest.wasm": wasm})
	dir := writeBundle(t, flat)
	tests := []struct {
		what string
		fsys fstest.MapFS // nil: the operating system's
		name string
	}{
		{"a file", flat, "spin.toml"},
		{"a folder", flat, "."},
		{"a nested file", nested, "apps/one/spin.toml"},
		{"a nested folder", nested, "apps/one"},
		{"a file of the system", nil, dir + "/spin.toml"},
		{"a folder of the system", nil, dir},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			cfg := &spin.Config{}
			if tt.fsys != nil {
				cfg.FS = tt.fsys
			}
			app, err := spin.Load(context.Background(), tt.name, cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer closeApp(t, app)
			if w := ask(app, "/hello"); w.Code != 200 || app.Name() != "test" {
				t.Errorf("%d %q, name %q", w.Code, w.Body, app.Name())
			}
		})
	}
}

// binds is a host interface that calls f whenever a component is linked with it.
func binds(f func()) func(*spin.Config) {
	return func(c *spin.Config) {
		c.HostAPIs = spin.DefaultHostAPIs().With(hostapi.Interface{
			ID:   "acme:test/probe",
			Bind: func(*hostapi.Scope) (*abi.Interface, error) { f(); return &abi.Interface{ID: "acme:test/probe"}, nil },
		})
	}
}

// probes are components that import what binds provides.
func probes(n int) fstest.MapFS {
	components := map[string][]byte{}
	for i := range n {
		components[fmt.Sprintf("%d.wasm", i+1)] = tiny([]string{"acme:test/probe"}, nil)
	}
	return bundle(strings.ReplaceAll(several(n), "trigger.http", "trigger.plain"), components)
}

func TestLoadEndsWithItsContext(t *testing.T) {
	noGoroutines(t)
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	var loaded atomic.Int32
	cfg := &spin.Config{FS: probes(100)}
	binds(func() {
		loaded.Add(1)
		cancel(why)
	})(cfg)
	withTrigger(&plainTrigger{kind: "plain"})(cfg)
	if _, err := spin.Load(ctx, "spin.toml", cfg); err != why {
		t.Error(err)
	}
	if n := int(loaded.Load()); n > runtime.GOMAXPROCS(0) {
		t.Errorf("%d components were loaded after the end", n-1)
	}
	if _, err := spin.Load(ctx, "spin.toml", &spin.Config{FS: bundle(minimal, nil)}); err != why {
		t.Error(err)
	}
}

// After Load its context has no influence.
func TestContextOfLoadEndsLater(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	app, err := spin.Load(ctx, "spin.toml", &spin.Config{FS: bundle(minimal, map[string][]byte{"guest.wasm": guestP3.wasm(t)})})
	if err != nil {
		t.Fatal(err)
	}
	defer closeApp(t, app)
	stop()
	if w := ask(app, "/hello"); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	running := make(chan error, 1)
	go func() { running <- app.Run(context.Background()) }()
	select {
	case err := <-running:
		t.Errorf("Run has ended: %v", err)
	case <-time.After(10 * time.Millisecond):
	}
	closeApp(t, app)
	if err := <-running; err != nil {
		t.Error(err)
	}
}

// Functions of the configuration are never called by two goroutines at once.
func TestConfigFunctionsAreCalledOneAtATime(t *testing.T) {
	calls := 0 // the race detector looks
	_, err := loadBundle(t, probes(20), func(c *spin.Config) {
		binds(func() { calls++ })(c)
		withTrigger(&plainTrigger{kind: "plain"})(c)
		c.Stdout = func(string) io.Writer { calls++; return io.Discard }
	})
	if err != nil || calls != 40 {
		t.Errorf("%v, %d calls", err, calls)
	}
}

// A component that a trigger asks for later is loaded then, while others look at the app.
func TestComponentThatIsLoadedLater(t *testing.T) {
	begun, goOn := make(chan struct{}), make(chan struct{})
	p := &plainTrigger{kind: "plain", load: func(trigger.Host, trigger.Entry) error { return nil }}
	text := minimal + "[[trigger.plain]]\nlater = \"other\"\n[component.other]\nsource = \"other.wasm\"\n"
	files := bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t), "other.wasm": tiny([]string{"acme:test/probe"}, nil)})
	app, err := loadBundle(t, files, func(c *spin.Config) {
		binds(func() { close(begun); <-goOn })(c)
		withTrigger(p)(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			if c, err := p.host.Component("other"); err != nil || c.ID() != "other" {
				t.Errorf("%v", err)
			}
		})
	}
	<-begun
	if s := app.Stats(); s != (spin.Stats{}) {
		t.Errorf("%+v", s)
	}
	if w := ask(app, "/hello"); w.Code != 200 {
		t.Errorf("%d", w.Code)
	}
	close(goOn)
	wg.Wait()
	closeApp(t, app)
	if _, err := p.host.Component("guest"); err != nil { // has been loaded
		t.Error(err)
	}
}

func TestComponentThatIsAskedForAfterClose(t *testing.T) {
	p := &plainTrigger{kind: "plain", load: func(trigger.Host, trigger.Entry) error { return nil }}
	text := minimal + "[[trigger.plain]]\nlater = \"other\"\n[component.other]\nsource = \"other.wasm\"\n"
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t), "other.wasm": tiny(nil, nil)}), withTrigger(p))
	if err != nil {
		t.Fatal(err)
	}
	closeApp(t, app)
	if _, err := p.host.Component("other"); !errors.Is(err, spin.ErrClosed) {
		t.Error(err)
	}
}
