package target

import (
	"context"
	"errors"

	"github.com/spinhost/spin/manifest"
)

// App loads the environments that a manifest names, each once, and fills in what the
// manifest says of the application to check: environments, triggers and, for each
// component that a trigger runs, its environments and what it requires of its host.
// What components import and export is left to the caller, for those that have
// environments. Without targets nothing is loaded.
//
// The error joins a [*LoadError] for each environment that cannot be loaded.
func (l *Loader) App(ctx context.Context, m *manifest.Manifest) (App, error) {
	a := appLoader{Loader: l, loaded: make(map[Reference]*Environment)}
	app := App{Environments: a.all(ctx, m.Application.Targets)}
	needs := make(map[string][]string) // of components that triggers run
	for _, t := range m.Triggers {
		app.Triggers = append(app.Triggers, AppTrigger{Type: t.Type, Component: t.Component})
		features := needs[t.Component]
		if len(t.Dependencies[middleware]) > 0 && len(features) == 0 {
			features = []string{middleware}
		}
		needs[t.Component] = features
	}
	for _, c := range m.Components {
		requirements, runs := needs[c.ID]
		if !runs {
			continue
		}
		if c.AllowedOutboundHosts.ServiceChaining() {
			requirements = append([]string{serviceChaining}, requirements...)
		}
		app.Components = append(app.Components, &Component{
			ID: c.ID, Environments: a.all(ctx, c.Targets), Requirements: requirements, Pos: c.Pos,
		})
	}
	if err := errors.Join(a.errs...); err != nil {
		return App{}, err
	}
	return app, nil
}

// Features that a component can require of its host.
const (
	serviceChaining = "local_service_chaining"
	middleware      = "middleware"
)

// appLoader loads each environment once.
type appLoader struct {
	*Loader
	loaded map[Reference]*Environment // nil for those that failed
	errs   []error
}

func (a *appLoader) all(ctx context.Context, targets []manifest.Target) []*Environment {
	var list []*Environment
	for _, t := range targets {
		key := Reference{Name: t.Name, URL: t.URL, Path: t.Path}
		e, ok := a.loaded[key]
		if !ok {
			var err error
			if e, err = a.Load(ctx, Reference(t)); err != nil {
				a.errs = append(a.errs, err)
			}
			a.loaded[key] = e
		}
		if e != nil {
			list = append(list, e)
		}
	}
	return list
}
