package spin_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
)

// settled is a trigger that takes one setting for all of its entries.
type settled struct {
	plainTrigger
	speed int
}

func (s *settled) Load(ctx context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	var settings struct {
		Speed int `toml:"speed"`
	}
	all := h.Settings()
	if err := all.Decode(&settings); err != nil {
		return nil, err
	}
	if s.speed = settings.Speed; s.speed == 0 {
		return nil, all.Errorf("speed", "the speed must not be 0: write speed = 1")
	}
	return s.plainTrigger.Load(ctx, h, entries)
}

func TestTriggerSettings(t *testing.T) {
	const v2 = "spin_manifest_version = 2\n[application]\nname = \"test\"\n%s\n[trigger]\nplain = [{}]\nsettled = [{}]\n"
	const v1 = "spin_manifest_version = \"1\"\nname = \"test\"\ntrigger = %s\n[[component]]\nid = \"a\"\nsource = \"a.wasm\"\ntrigger = {}\n"
	for name, c := range map[string]struct {
		manifest string
		speed    int
		want     []string
	}{
		"taken":                 {fmt.Sprintf(v2, "trigger.settled.speed = 3"), 3, nil},
		"of version 1":          {fmt.Sprintf(v1, `{ type = "settled", speed = 4 }`), 4, nil},
		"none":                  {fmt.Sprintf(v2, ""), 0, []string{"spin.toml:2:2: the speed must not be 0: write speed = 1"}},
		"wrong":                 {fmt.Sprintf(v2, "trigger.settled.speed = 0"), 0, []string{"spin.toml:4:17: the speed must not be 0"}},
		"of another type":       {fmt.Sprintf(v2, `trigger.settled.speed = "3"`), 0, []string{"spin.toml:4:25: application.trigger.settled.speed: must be an integer"}},
		"unknown":               {fmt.Sprintf(v2, "trigger.settled.speec = 3"), 0, []string{`spin.toml:4:17: application.trigger.settled.speec: unknown key "speec": did you mean "speed"?`}},
		"of version 1, unknown": {fmt.Sprintf(v1, `{ type = "settled", sped = 4 }`), 0, []string{`spin.toml:3:31: trigger.sped: unknown key "sped"`}},
		"not looked at": {fmt.Sprintf(v2, "trigger.plain = { speed = 3, up = true }\ntrigger.settled.speed = 1"), 1, []string{
			`spin.toml:4:19: the trigger "plain" takes no settings for all of its entries: remove "speed", or write it in each entry if it belongs there`,
			`spin.toml:4:30: the trigger "plain" takes no settings for all of its entries: remove "up"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := &settled{plainTrigger: plainTrigger{kind: "settled", load: loadsNothing}}
			p := &plainTrigger{kind: "plain", load: loadsNothing}
			_, err := loadBundle(t, bundle(c.manifest, nil), func(cfg *spin.Config) { cfg.Triggers = spin.DefaultTriggers().With(s, p) })
			if (err == nil) != (c.want == nil) || s.speed != c.speed {
				t.Fatalf("%v, speed %d", err, s.speed)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%v\nhas no %s", err, want)
				}
			}
		})
	}
}

func loadsNothing(trigger.Host, trigger.Entry) error { return nil }

func TestSettingsOfATriggerThatTheAppDoesNotHave(t *testing.T) {
	log := &buffer{}
	_, err := loadBundle(t, bundle("spin_manifest_version = 2\n[application]\nname = \"test\"\ntrigger.redis.address = \"redis://localhost\"\n[trigger]\n", nil), func(c *spin.Config) {
		c.Logger = logTo(log, slog.LevelWarn)
	})
	if err != nil || !strings.Contains(log.String(), `spin.toml:4:9: there are settings for the trigger \"redis\", and no entry of it`) {
		t.Errorf("%v, logged %s", err, log)
	}
}

// Triggers call exports with Go values, without code that was generated.
func TestTriggerInvokes(t *testing.T) {
	c := newCaller(t, nil)
	f, err := c.c.Func("", "count", "")
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // an instance each
		got, err := trigger.Invoke(t.Context(), c.c, f)
		if got != uint32(1) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
	}
	if _, err := trigger.Invoke(t.Context(), c.c, f, "more"); err == nil || !strings.Contains(err.Error(), "count: ") {
		t.Errorf("%v", err)
	}
	if f, err = c.c.Func("", "trap", ""); err != nil {
		t.Fatal(err)
	}
	if got, err := trigger.Invoke(t.Context(), c.c, f); got != nil || !errors.Is(err, spin.ErrTrap) {
		t.Errorf("%v, %v", got, err)
	}
}

// The context ends a guest that only computes, which gives its caller's goroutine back no earlier.
func TestContextEndsAComputingGuest(t *testing.T) {
	c := newCaller(t, func(cfg *spin.Config) { cfg.Limits.ComputeTime = -1 })
	why := errors.New("enough")
	f, err := c.c.Func("", "loop", "")
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func(context.Context) error{
		"a trigger":  func(ctx context.Context) error { _, err := trigger.Invoke(ctx, c.c, f); return err },
		"App.Invoke": func(ctx context.Context) error { _, err := c.app.Invoke(ctx, "guest", "loop"); return err },
	} {
		ctx, stop := context.WithTimeoutCause(t.Context(), 20*time.Millisecond, why)
		if err := call(ctx); !errors.Is(err, why) {
			t.Errorf("%s: %v, want the context's cause", name, err)
		}
		stop()
	}
}

// What a component exports is found by any version that is compatible with it.
func TestExportsMatchByTrack(t *testing.T) {
	p := &plainTrigger{kind: "plain"}
	text := strings.Replace(mainTOML, "[trigger]", "[[trigger.plain]]\ncomponent = \"main\"", 1) + `dependencies."acme:probe/probe" = { path = "probe.wasm" }` + "\n"
	app, err := loadBundle(t, watFS(t, text), func(c *spin.Config) {
		withTrigger(p)(c)
		c.HostAPIs = new(reached).recording()
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := p.host.Component("main")
	if err != nil {
		t.Fatal(err)
	}
	for iface, found := range map[string]bool{
		"acme:main/run@1.0.0": true, "acme:main/run@1.2.3": true,
		"acme:main/run@2.0.0": false, "acme:main/run@1.0.0-rc.1": false, "acme:main/run": false, "acme:main/runs@1.0.0": false,
	} {
		f, err := c.Func(iface, "try", "func()->list<u32>")
		if (err == nil) != found {
			t.Errorf("%s: %v", iface, err)
		}
		if err != nil {
			continue
		}
		if _, err := trigger.Invoke(t.Context(), c, f); err != nil {
			t.Error(err)
		}
		if _, err := app.Invoke(t.Context(), "main", iface+"#try"); err != nil {
			t.Error(err)
		}
	}
}
