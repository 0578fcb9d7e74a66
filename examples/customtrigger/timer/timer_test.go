package timer_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"example.com/customtrigger/timer"
	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
)

const guests = "../../../testdata/guests/"

const header = `spin_manifest_version = 2
[application]
name = "test"
[component.ticker]
source = "ticker.wasm"
[component.hello]
source = "hello.wasm"
`

// load loads an app with these timers, the first line of which is line 8 of the manifest.
func load(t *testing.T, timers string, cfg timer.Config, app spin.Config) (*spin.App, error) {
	t.Helper()
	files := fstest.MapFS{"spin.toml": {Data: []byte(header + timers)}}
	for name, path := range map[string]string{"ticker.wasm": guests + "wat/ticker.wasm", "hello.wasm": guests + "rust/hello-p3.wasm"} {
		wasm, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: wasm}
	}
	app.FS, app.Triggers = files, trigger.NewRegistry(timer.Trigger(cfg))
	a, err := spin.Load(t.Context(), "spin.toml", &app)
	if err == nil {
		t.Cleanup(func() {
			if err := a.Close(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	return a, err
}

// lines is what components print: each write is one line.
type lines chan string

func (l lines) Write(b []byte) (int, error) {
	l <- strings.TrimSuffix(string(b), "\n")
	return len(b), nil
}

func (l lines) next(t *testing.T) string {
	t.Helper()
	select {
	case s := <-l:
		return s
	case <-time.After(time.Minute):
		t.Fatal("no component prints anything")
		return ""
	}
}

// text is a log.
type text struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *text) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *text) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func (l *text) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }

// run runs the app. The functions returned end its context, and wait for Run to return.
func run(t *testing.T, app *spin.App) (stop func(), wait func()) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- app.Run(ctx) }()
	return stop, func() {
		t.Helper()
		select {
		case err := <-done:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Fatal("Run does not return")
		}
	}
}

func TestManifestFaults(t *testing.T) {
	const entry = "[[trigger.timer]]\nid = \"t\"\n"
	const ticker = entry + "component = \"ticker\"\n"
	for name, c := range map[string]struct {
		timers string
		want   []string
	}{
		"no interval":       {ticker, []string{`spin.toml:8:11: timer "t" has no interval: add interval = "10s"`}},
		"no component":      {entry + `interval = "1s"`, []string{`spin.toml:8:11: timer "t" names no component: add component = "..."`}},
		"unknown key":       {ticker + "interval = \"1s\"\njiter = \"1s\"", []string{`spin.toml:12:1: `, `unknown key "jiter": did you mean "jitter"?`}},
		"number":            {ticker + "interval = 10", []string{`spin.toml:11:12: `, `must be a string`}},
		"no unit":           {ticker + `interval = "10"`, []string{`spin.toml:11:12: `, `must be a duration, not "10": write a number with a unit, such as "500ms" or "1h30m"`}},
		"no duration":       {ticker + `interval = "soon"`, []string{`spin.toml:11:12: `, `must be a duration, not "soon"`}},
		"empty":             {ticker + `interval = ""`, []string{`spin.toml:11:12: `, `must be a duration, not ""`}},
		"negative":          {ticker + `interval = "-1s"`, []string{`spin.toml:11:12: `, `must be a duration, not "-1s"`}},
		"zero":              {ticker + `interval = "0s"`, []string{`spin.toml:11:1: 0s is too short: write at least "10ms"`}},
		"too short":         {ticker + `interval = "1us"`, []string{`spin.toml:11:1: 1µs is too short: write at least "10ms"`}},
		"too long":          {ticker + `interval = "2562047h"`, []string{`spin.toml:11:1: 2562047h0m0s is too long: write at most "8784h0m0s"`}},
		"overflow":          {ticker + `interval = "99999999999h"`, []string{`spin.toml:11:12: `, "must be a duration"}},
		"jitter":            {ticker + "interval = \"1s\"\njitter = \"1s\"", []string{`spin.toml:12:1: 1s must be less than the interval, 1s`}},
		"timeout":           {ticker + "interval = \"1s\"\ntimeout = \"0s\"", []string{`spin.toml:12:1: 0 leaves a tick no time: remove the key if there is to be no limit`}},
		"wrong component":   {entry + "component = \"hello\"\ninterval = \"1s\"", []string{`spin.toml:10:1: component "hello" cannot be run by a timer: `, "acme:timer/job@1.0.0"}},
		"no such":           {entry + "component = \"tikcer\"\ninterval = \"1s\"", []string{`spin.toml:10:13: `, "tikcer"}},
		"several in one":    {ticker + "interval = \"soon\"\njitter = \"late\"", []string{`spin.toml:11:12: `, `spin.toml:12:10: `}},
		"several of them":   {ticker + "interval = \"soon\"\n" + ticker, []string{`spin.toml:11:12: `, `spin.toml:12:11: timer "t" has no interval`}},
		"settings":          {"[application.trigger.timer]\ninterval = \"1s\"\n" + ticker, []string{`spin.toml:9:1: `, `unknown key "interval"`, `spin.toml:10:11: timer "t" has no interval`}},
		"no time at all":    {"[application.trigger.timer]\ntimeout = \"0s\"\n" + ticker, []string{`spin.toml:9:1: 0 leaves a tick no time`}},
		"component as well": {entry + "component = \"hello\"\ninterval = \"1s\"\n" + ticker, []string{`spin.toml:10:1: component "hello"`, `spin.toml:12:11: timer "t" has no interval`}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(t, c.timers+"\n", timer.Config{}, spin.Config{})
			if err == nil {
				t.Fatal("it loads")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v\nwant %s", err, want)
				}
			}
		})
	}
}

func TestTicks(t *testing.T) {
	out, now, log := make(lines), newClock(), new(text)
	app, err := load(t, `[[trigger.timer]]
id = "heartbeat"
component = "ticker"
interval = "10s"
`, timer.Config{Clock: now}, spin.Config{Stdout: func(string) io.Writer { return out }, Logger: log.logger()})
	if err != nil {
		t.Fatal(err)
	}
	stop, wait := run(t, app)
	for _, want := range []string{"heartbeat: tick 1", "heartbeat: tick 2", "heartbeat: tick 3"} {
		w := now.next(t)
		if w.d != 10*time.Second {
			t.Errorf("waits %s", w.d)
		}
		now.pass(w)
		if got := out.next(t); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	now.next(t) // for the fourth tick
	stop()
	now.next(t) // until the drain time is over, which nobody awaits
	wait()
	if log.String() != "" {
		t.Error(log.String())
	}
}

func TestJitterAndTimersApart(t *testing.T) {
	out, now := make(lines, 8), newClock()
	app, err := load(t, `[[trigger.timer]]
id = "a"
component = "ticker"
interval = "10s"
jitter = "2s"
[[trigger.timer]]
id = "b"
component = "ticker"
interval = "1h"
`, timer.Config{Clock: now}, spin.Config{Stdout: func(string) io.Writer { return out }})
	if err != nil {
		t.Fatal(err)
	}
	stop, wait := run(t, app)
	a, b := now.next(t), now.next(t)
	if b.d < a.d {
		a, b = b, a
	}
	if b.d != time.Hour {
		t.Errorf("b waits %s", b.d)
	}
	for k := range 5 {
		due := time.Time{}.Add(time.Duration(k+1) * 10 * time.Second)
		if late := a.at.Sub(due); late < 0 || late >= 2*time.Second {
			t.Errorf("tick %d is late by %s", k+1, late)
		}
		now.pass(a)
		if got := out.next(t); !strings.HasPrefix(got, "a: tick ") {
			t.Errorf("%q", got)
		}
		a = now.next(t)
	}
	now.pass(b)
	if got := out.next(t); got != "b: tick 1" {
		t.Errorf("%q", got)
	}
	stop()
	wait()
}
