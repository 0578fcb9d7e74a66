package spin

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
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
		if loader.FS, err = a.files.folder(); err != nil {
			return []error{err}
		}
	}
	app, err := loader.App(ctx, a.m)
	if err != nil {
		return split(err)
	}
	app.Components = slices.DeleteFunc(app.Components, func(c *target.Component) bool {
		p := a.partOf(c.ID)
		if p == nil {
			return true
		}
		c.Imports, c.Exports = p.composedImports(nil), externs(p.decoded.Exports())
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

// folder returns the folder of the manifest.
func (f *files) folder() (fs.FS, error) {
	if f.fsys == (osFS{}) {
		return os.DirFS(f.dir), nil
	}
	return fs.Sub(f.fsys, f.dir)
}

// partOf returns the code of a component of the manifest, nil if it is not loaded. What triggers
// place around it does not count.
func (a *App) partOf(id string) *part {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, c := range a.loaded() {
		if c.m.ID == id {
			return c.part
		}
	}
	return nil
}

// composedImports adds what the part and its dependencies import and none of them provides.
func (p *part) composedImports(list []target.Extern) []target.Extern {
	for _, imp := range p.decoded.Imports() {
		// Preview 1 of core modules is no interface of components: every world has what it is about.
		if p.given[imp.Name] == nil && imp.Name != preview1.Module {
			list = append(list, extern(imp))
		}
	}
	for _, d := range p.deps {
		list = d.composedImports(list)
	}
	return list
}

func externs(list []engine.Extern) []target.Extern {
	var out []target.Extern
	for _, e := range list {
		out = append(out, extern(e))
	}
	return out
}

func extern(e engine.Extern) target.Extern {
	return target.Extern{Name: e.Name, Kind: e.Kind, Items: externs(e.Items), Type: e.Type}
}
