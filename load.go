package spin

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// ManifestName is the name of the manifest in a folder.
const ManifestName = bundle.ManifestName // spin.toml

// LockName is the name of a locked app in a folder that has no manifest.
const LockName = bundle.LockName // spin.lock

// Load reads a manifest, or that in a folder, with the components that its triggers use, and
// prepares to serve them. cfg may be nil; it is copied, and what it refers to must not change.
//
// The file may be a locked app instead, the JSON that Spin makes of a manifest for hosts; it is
// told by its content, or by the name [LockName]. Files in it that are URLs with the scheme file
// are those of Config.FS, from its root. Content must have the digest that it is given there.
//
// All faults are reported at once, a line for each: those of the manifest's text are
// [manifest.Errors], those of what it names are joined [*Error]. Both match [ErrUnsupported]
// where they concern what this version does not serve.
//
// Components are compiled, or loaded from the runtime's cache, which can take seconds. When
// ctx ends no other is begun, and Load returns the cause; later it has no influence on the app.
func Load(ctx context.Context, name string, cfg *Config) (*App, error) {
	a, err := newApp(ctx, cfg)
	if err != nil {
		return nil, err
	}
	if a.m, err = a.bundle.Manifest(name); err != nil {
		return nil, err
	}
	for _, w := range a.m.Warnings {
		a.log.Warn(w.String())
	}
	a.warnOfSettings()
	if err := a.checkConfig(); err != nil {
		return nil, err
	}
	if err := a.configure(); err != nil {
		return nil, err
	}
	if err := a.openNetwork(); err != nil {
		return nil, join(fault.Split(err))
	}
	faults := append(a.loadVariables(), a.loadVariants()...)
	if err := a.prepare(ctx); err != nil {
		_ = a.Close(context.WithoutCancel(ctx)) // nothing runs
		return nil, join(append(faults, fault.Split(err)...))
	}
	detach := context.AfterFunc(ctx, func() { a.end(context.Cause(ctx)) })
	a.loadComponents()
	faults = append(faults, a.loadTriggers(ctx)...)
	err = join(append(faults, a.checkTargets(ctx)...))
	a.mu.Lock()
	a.loading = nil
	a.mu.Unlock()
	if !detach() { // ctx has ended, and the life of the app with it
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = a.Close(context.WithoutCancel(ctx)) // nothing runs
		return nil, err
	}
	return a, nil
}

// checkConfig finds settings for components that the app does not have, and providers that
// are not there.
func (a *App) checkConfig() error {
	var errs []error
	for i, p := range a.cfg.Variables {
		if p == nil {
			errs = append(errs, fmt.Errorf("Config.Variables[%d] is nil", i))
		}
	}
	for i, p := range a.cfg.FallbackVariables {
		if p == nil {
			errs = append(errs, fmt.Errorf("Config.FallbackVariables[%d] is nil", i))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.cfg.Components)) {
		if _, ok := a.m.Component(id); !ok {
			errs = append(errs, fmt.Errorf("Config.Components: %s has no component %q", a.m.File, id))
		}
	}
	return errors.Join(errs...)
}

// ended says why nothing more is to be loaded, nil if nothing speaks against it.
func (a *App) ended() error {
	a.mu.Lock()
	loading := a.loading
	a.mu.Unlock()
	if loading != nil && loading.Err() != nil { // soon to be seen in life
		return context.Cause(loading)
	}
	return context.Cause(a.life)
}

// loadComponents loads, at the same time, those components for which triggers will ask. What
// goes wrong is told to them.
func (a *App) loadComponents() {
	var wg sync.WaitGroup
	room := make(chan struct{}, runtime.GOMAXPROCS(0))
	seen := map[string]bool{}
	for _, e := range a.m.Triggers {
		id := a.componentID(e)
		if _, ok := a.cfg.Triggers.Lookup(e.Type); !ok || e.Component == "" || seen[id] {
			continue
		}
		seen[id] = true
		room <- struct{}{}
		wg.Go(func() {
			_, _ = a.component(id)
			<-room
		})
	}
	wg.Wait()
}

// loadVariants finds what is around the components of entries, and returns what is wrong.
func (a *App) loadVariants() []error {
	var errs []error
	for _, kind := range a.m.TriggerTypes() {
		if t, ok := a.cfg.Triggers.Lookup(kind); ok {
			errs = append(errs, a.findVariants(t, a.m.TriggersOf(kind))...)
		}
	}
	return errs
}

// loadTriggers gives each trigger its entries, and returns what is wrong.
func (a *App) loadTriggers(ctx context.Context) []error {
	var errs []error
	for _, kind := range a.m.TriggerTypes() {
		list := a.m.TriggersOf(kind)
		t, ok := a.cfg.Triggers.Lookup(kind)
		if !ok {
			errs = append(errs, a.unknownTrigger(kind))
			continue
		}
		var entries []trigger.Entry
		for _, e := range list {
			entries = append(entries, a.entry(e))
		}
		s := &settings{table: a.m.Application.Triggers[kind], pos: a.m.Application.Pos}
		r, err := t.Load(ctx, &host{a, kind, s}, entries)
		if err != nil {
			errs = append(errs, placed(err, list[0].Pos())...)
			errs = append(errs, a.componentFaults(list, err)...)
			continue
		}
		a.runners = append(a.runners, r)
		errs = append(errs, s.unread(kind)...)
	}
	return errs
}

// componentFaults says what is wrong with the components of entries, for those of which the
// trigger has not asked since there is something else wrong: known.
func (a *App) componentFaults(list []*manifest.TriggerEntry, known error) []error {
	var errs []error
	for _, e := range list {
		if e.Component == "" {
			continue
		}
		if _, err := a.component(a.componentID(e)); err != nil && !errors.Is(known, err) {
			errs = append(errs, err)
		}
	}
	return errs
}

func (a *App) unknownTrigger(kind string) error {
	err := fmt.Errorf("there is no trigger %q: write one of %s, or add it to Config.Triggers",
		kind, strings.Join(a.cfg.Triggers.Kinds(), ", "))
	if kind == "redis" {
		err = fmt.Errorf("the trigger %q is %w: remove its entries", kind, ErrUnsupported)
	}
	return &Error{Pos: a.m.TriggersOf(kind)[0].Pos(), Err: err}
}

func (a *App) entry(e *manifest.TriggerEntry) trigger.Entry {
	return trigger.Entry{
		ID: e.ID, Component: a.componentID(e), Decode: e.Decode,
		Errorf: func(key, format string, args ...any) error {
			pos := e.Pos()
			if key != "" {
				pos = e.KeyPos(key)
			}
			return place(fmt.Errorf(format, args...), pos)
		},
	}
}
