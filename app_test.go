package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
)

// plainTrigger is a kind of trigger that takes any component, and does nothing until load is
// called: then it asks for a component.
type plainTrigger struct {
	kind string
	host trigger.Host
	run  func(ctx context.Context) error
	load func(h trigger.Host, e trigger.Entry) error // nil: ask for the entry's component
}

func (p *plainTrigger) Kind() string { return p.kind }

func (p *plainTrigger) Load(_ context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	p.host = h
	var errs []error
	for _, e := range entries {
		if p.load != nil {
			errs = append(errs, p.load(h, e))
			continue
		}
		_, err := h.Component(e.Component)
		errs = append(errs, err)
	}
	return p, errors.Join(errs...)
}

func (p *plainTrigger) Run(ctx context.Context) error {
	if p.run != nil {
		return p.run(ctx)
	}
	<-ctx.Done()
	return nil
}

func withTrigger(p *plainTrigger) func(*spin.Config) {
	return func(c *spin.Config) { c.Triggers = spin.DefaultTriggers().With(p) }
}

// The nil Config and the zero one are the same.
func TestZeroConfig(t *testing.T) {
	dir := writeBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": guestP2.wasm(t)}))
	for _, cfg := range []*spin.Config{nil, {}} {
		app, err := spin.Load(context.Background(), dir, cfg)
		if err != nil {
			t.Fatal(err)
		}
		if w := ask(app, "/env"); w.Code != 200 || w.Body.String() != "" {
			t.Errorf("%d %q", w.Code, w.Body)
		}
		wantEmpty(t, ask(app, "/panic"), http.StatusInternalServerError)
		closeApp(t, app)
	}
}

// What is done to the Config after Load does not reach the app.
func TestConfigIsCopied(t *testing.T) {
	var cfg *spin.Config
	app := guestP3.mustLoad(t, func(c *spin.Config) {
		cfg = c
		c.Components = map[string]spin.ComponentConfig{"guest": {MaxRequests: 1}}
	})
	cfg.Components, cfg.Limits.Memory = nil, 1
	for range 2 {
		if w := ask(app, "/count"); w.Body.String() != "1" {
			t.Errorf("%q", w.Body)
		}
	}
}

func TestAppWithoutHTTP(t *testing.T) {
	p := &plainTrigger{kind: "plain"}
	text := strings.ReplaceAll(strings.Replace(minimal, "route = \"/...\"\n", "", 1), "http", "plain")
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": tiny(nil, nil)}), withTrigger(p))
	if err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, ask(app, "/"), http.StatusNotFound)
	if r := app.Routes(); r != nil {
		t.Errorf("%v", r)
	}
}

// The errors of any trigger have one place each, that of what to change.
func TestFaultsOfOtherTriggers(t *testing.T) {
	tests := []struct {
		behaviour string
		load      func(h trigger.Host, e trigger.Entry) error
		want      string
	}{
		{"without place", func(trigger.Host, trigger.Entry) error { return errors.New("no queue") }, `spin.toml:11:11: no queue`},
		{"with a place", func(_ trigger.Host, e trigger.Entry) error { return e.Errorf("queue", "no %w", errors.New("queue")) }, `spin.toml:12:1: no queue`},
		{"of a component", func(h trigger.Host, e trigger.Entry) error {
			_, err := h.Component(e.Component)
			return err
		}, `spin.toml:15:10: component "other": source "x.wasm": open x.wasm: file does not exist; build the component, or correct the path`},
		{"of a component, with words about it", func(h trigger.Host, e trigger.Entry) error {
			_, err := h.Component(e.Component)
			return fmt.Errorf("queue: %w", err)
		}, `queue: spin.toml:15:10: component "other": source "x.wasm": open x.wasm: file does not exist; build the component, or correct the path`},
		{"of a component, placed again", func(h trigger.Host, e trigger.Entry) error {
			_, err := h.Component(e.Component)
			return e.Errorf("queue", "queue %q: %w", e.ID, err)
		}, `spin.toml:15:10: component "other": queue "other-plain-trigger": source "x.wasm": open x.wasm: file does not exist; build the component, or correct the path`},
		{"of keys, placed again", func(_ trigger.Host, e trigger.Entry) error {
			return e.Errorf("", "queue: %w", e.Decode(&struct{}{}))
		}, `spin.toml:12:1: queue: trigger.plain[0].queue: unknown key "queue": remove it, or write one of id, component, components, dependencies`},
		{"of a component that is not there", func(h trigger.Host, e trigger.Entry) error {
			_, err := h.Component("ghost")
			return e.Errorf("queue", "%w", err)
		}, `spin.toml:12:1: the app has no component "ghost"`},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			text := minimal + "[[trigger.plain]]\nqueue = \"x\"\ncomponent = \"other\"\n[component.other]\nsource = \"x.wasm\"\n"
			files := map[string][]byte{"guest.wasm": guestP3.wasm(t)}
			if !strings.Contains(tt.want, "x.wasm") {
				files["x.wasm"] = tiny(nil, nil)
			}
			_, err := loadBundle(t, bundle(text, files), withTrigger(&plainTrigger{kind: "plain", load: tt.load}))
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

// Nothing is left out in silence of what is to be placed around the component of a trigger that places nothing.
func TestTriggerThatPlacesNothingAround(t *testing.T) {
	text := minimal + "[[trigger.plain]]\ncomponent = \"other\"\ndependencies.middleware = [{ path = \"x.wasm\" }]\ndependencies.filter = [{ path = \"x.wasm\" }]\n" +
		"[component.other]\nsource = \"x.wasm\"\n"
	files := map[string][]byte{"guest.wasm": guestP3.wasm(t), "x.wasm": tiny(nil, nil)}
	for range 4 {
		_, err := loadBundle(t, bundle(text, files), withTrigger(&plainTrigger{kind: "plain"}))
		const want = `spin.toml:13:14: component "other": the trigger "plain" has no dependencies of the role "middleware": remove them` + "\n" +
			`spin.toml:14:14: component "other": the trigger "plain" has no dependencies of the role "filter": remove them`
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
}

func TestRunEndsWithTheFirstFailure(t *testing.T) {
	broken := errors.New("queue is gone")
	p := &plainTrigger{kind: "plain", run: func(context.Context) error { return broken }}
	text := minimal + "[[trigger.plain]]\ncomponent = \"guest\"\n"
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), withTrigger(p))
	if err != nil {
		t.Fatal(err)
	}
	if err := app.Run(context.Background()); !errors.Is(err, broken) {
		t.Error(err)
	}
	if err := app.Run(context.Background()); err == nil {
		t.Error("Run twice")
	}
}

func TestStandIns(t *testing.T) {
	app, err := loadBundle(t, bundle(strings.ReplaceAll(several(2), "trigger.http", "trigger.plain"), map[string][]byte{
		"1.wasm": tiny([]string{"spin:redis/redis@3.0.0", "wasi:cli/environment@0.2.0"}, nil),
		"2.wasm": tiny([]string{"spin:redis/redis@3.0.0", "fermyon:spin/llm@2.0.0"}, nil),
	}), withTrigger(&plainTrigger{kind: "plain"}))
	if err != nil {
		t.Fatal(err)
	}
	if got := app.StandIns(); !slices.Equal(got, []string{"fermyon:spin/llm@2.0.0", "spin:redis/redis@3.0.0"}) {
		t.Errorf("%v", got)
	}
}

func TestStatsTellWhatIsLive(t *testing.T) {
	app := guestP3.mustLoad(t, nil)
	if s := app.Stats(); s != (spin.Stats{}) {
		t.Errorf("before: %+v", s)
	}
	up := newUpstream(t)
	other := serve(t, guestP3.manifest(t, `["http://127.0.0.1:*"]`), nil)
	var wg sync.WaitGroup
	wg.Go(func() { ask(other.app, "/outbound?url="+up.URL+"/delay?for=300ms") })
	eventually(t, "the call is out", func() bool { return up.count("/delay") == 1 })
	eventually(t, "an instance with a fiber, handles and a host call", func() bool {
		s := other.app.Stats()
		return s.Instances == 1 && s.Fibers > 0 && s.Handles > 0 && s.HostCalls > 0
	})
	if s := app.Stats(); s != (spin.Stats{}) {
		t.Errorf("those of another app: %+v", s)
	}
	wg.Wait()
}

// What guests print goes where the configuration says, with their names; to the logger without.
func TestOutputOfComponents(t *testing.T) {
	text := several(2)
	files := bundle(text, map[string][]byte{"1.wasm": guestP2.wasm(t), "2.wasm": guestP3.wasm(t)})
	paths := strings.NewReplacer("\"/1\"", "\"/one/...\"", "\"/2\"", "\"/...\"")
	files["spin.toml"].Data = []byte(paths.Replace(text))
	t.Run("writers", func(t *testing.T) {
		out, errOut := map[string]*buffer{}, map[string]*buffer{}
		to := func(m map[string]*buffer) func(string) io.Writer {
			return func(id string) io.Writer { m[id] = new(buffer); return m[id] }
		}
		app, err := loadBundle(t, files, func(c *spin.Config) { c.Stdout, c.Stderr = to(out), to(errOut) })
		if err != nil {
			t.Fatal(err)
		}
		ask(app, "/stdout?text=two")
		eventually(t, "output", func() bool { return out["c2"].String() == "two\n" && errOut["c2"].String() == "err:two\n" })
		if out["c1"].String() != "" || errOut["c1"].String() != "" {
			t.Errorf("%q, %q", out["c1"], errOut["c1"])
		}
	})
	t.Run("logger", func(t *testing.T) {
		log := new(buffer)
		app, err := loadBundle(t, files, func(c *spin.Config) { c.Logger = logTo(log, slog.LevelDebug) })
		if err != nil {
			t.Fatal(err)
		}
		ask(app, "/stdout?text=two")
		eventually(t, "output", func() bool {
			return strings.Contains(log.String(), "level=DEBUG msg=two component=c2 stream=stdout\n") &&
				strings.Contains(log.String(), "level=DEBUG msg=err:two component=c2 stream=stderr\n")
		})
	})
}
