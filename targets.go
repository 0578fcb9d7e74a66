package spin

import (
	"context"
	"errors"
	"slices"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/composition"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/target"
)

// checkTargets compares the app with the environments that its manifest names, and returns what
// is missing there. Components that could not be loaded are left out.
func (a *App) checkTargets(ctx context.Context) []error {
	if a.cfg.Targets == nil {
		return nil
	}
	loader := *a.cfg.Targets
	if loader.FS == nil {
		var err error
		if loader.FS, err = a.bundle.FS(); err != nil {
			return []error{err}
		}
	}
	app, err := loader.App(ctx, a.m)
	if err != nil {
		return fault.Split(err)
	}
	app.Components = slices.DeleteFunc(app.Components, func(c *target.Component) bool {
		p := a.programOf(c.ID)
		if p == nil {
			return true
		}
		imports, exports := p.World()
		c.Imports, c.Exports = externs(imports), externs(exports)
		return false
	})
	var faults target.Errors
	if err := target.Check(app); !errors.As(err, &faults) {
		return nil
	}
	var errs []error
	for _, f := range faults {
		if f.Pos.IsValid() {
			errs = append(errs, f)
			continue
		}
		errs = append(errs, &Error{Pos: a.m.TriggersOf(f.TriggerType)[0].Pos(), Err: f})
	}
	return errs
}

// programOf returns the program of a component of the manifest, nil if it is not loaded.
func (a *App) programOf(id string) *composition.Program {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.loaded() {
		if c.m.ID == id {
			return c.program
		}
	}
	return nil
}

func externs(list []engine.Extern) []target.Extern {
	var out []target.Extern
	for _, e := range list {
		out = append(out, target.Extern{Name: e.Name, Kind: e.Kind, Items: externs(e.Items), Type: e.Type})
	}
	return out
}
