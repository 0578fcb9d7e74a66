package trigger_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/spinhost/spin/trigger"
)

// timer is a trigger whose entries say how often a component runs.
type timer struct{}

func (timer) Kind() string { return "timer" }

// Load implements trigger.Trigger.
func (timer) Load(_ context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	var errs []error
	run := ticking{log: h.Logger()}
	for _, e := range entries {
		var cfg struct {
			Interval string `toml:"interval"`
		}
		if err := e.Decode(&cfg); err != nil {
			errs = append(errs, err)
			continue
		}
		every, err := time.ParseDuration(cfg.Interval)
		if err != nil {
			errs = append(errs, e.Errorf("interval", "%w", err))
			continue
		}
		run.every = append(run.every, every)
	}
	return run, errors.Join(errs...)
}

type ticking struct {
	every []time.Duration
	log   *slog.Logger
}

// Run implements trigger.Runner.
func (t ticking) Run(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// app is what a trigger sees of an app.
type app struct{}

func (app) App() string { return "example" }
func (app) Component(id string) (trigger.Component, error) {
	return nil, fmt.Errorf("no component %q", id)
}
func (app) Settings() trigger.Settings {
	return trigger.Settings{Decode: func(any) error { return nil }}
}
func (app) Logger() *slog.Logger { return slog.New(slog.DiscardHandler) }

// A trigger checks its entries when an app is loaded, and reports all faults at once.
func ExampleTrigger() {
	entry := func(line int, interval string) trigger.Entry {
		return trigger.Entry{
			Decode: func(into any) error {
				into.(*struct {
					Interval string `toml:"interval"`
				}).Interval = interval
				return nil
			},
			Errorf: func(key, format string, args ...any) error {
				return fmt.Errorf("spin.toml:%d: %s: %w", line, key, fmt.Errorf(format, args...))
			},
		}
	}
	_, err := timer{}.Load(context.Background(), app{}, []trigger.Entry{entry(5, "1s"), entry(9, "often"), entry(13, "1")})
	fmt.Println(err)
	// Output:
	// spin.toml:9: interval: time: invalid duration "often"
	// spin.toml:13: interval: time: missing unit in duration "1"
}

// A registry is a value: changing one leaves others as they are.
func ExampleRegistry() {
	var none trigger.Registry
	some := none.With(timer{})
	fmt.Println(none.Kinds(), some.Kinds())
	// Output: [] [timer]
}

func ExampleNewRegistry() {
	t, ok := trigger.NewRegistry(timer{}).Lookup("timer")
	fmt.Println(t.Kind(), ok)
	// Output: timer true
}

// A trigger can say that trying later may help.
func ExampleErrBusy() {
	err := fmt.Errorf("all 100 instances are in use: %w", trigger.ErrBusy)
	fmt.Println(errors.Is(err, trigger.ErrBusy))
	// Output: true
}
