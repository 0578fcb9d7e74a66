package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// ManifestName is the name of the manifest in a folder.
const ManifestName = "spin.toml"

// Load reads a manifest, or that in a folder, with the components that its triggers use, and
// prepares to serve them. Components are compiled, or loaded from the runtime's cache, which
// can take seconds; ctx bounds only the wait for other compilations. cfg may be nil. All
// faults of the manifest are reported at once.
func Load(ctx context.Context, name string, cfg *Config) (*App, error) {
	a, err := newApp(cfg)
	if err != nil {
		return nil, err
	}
	if a.m, err = a.files.manifest(name); err != nil {
		return nil, err
	}
	if err := a.loadTriggers(ctx); err != nil {
		_ = a.Close(ctx)
		return nil, err
	}
	return a, nil
}

// loadTriggers gives each trigger its entries.
func (a *App) loadTriggers(ctx context.Context) error {
	var errs []error
	for _, kind := range a.m.TriggerTypes() {
		t, ok := a.cfg.Triggers.Lookup(kind)
		if !ok {
			errs = append(errs, a.unknownTrigger(kind))
			continue
		}
		var entries []trigger.Entry
		for _, e := range a.m.TriggersOf(kind) {
			entries = append(entries, entry(e))
		}
		r, err := t.Load(ctx, &host{a, kind}, entries)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		a.runners = append(a.runners, r)
	}
	return errors.Join(errs...)
}

func (a *App) unknownTrigger(kind string) error {
	return &Error{
		Pos: a.m.TriggersOf(kind)[0].Pos(),
		Err: fmt.Errorf("there is no trigger %q; there are: %s", kind, strings.Join(a.cfg.Triggers.Kinds(), ", ")),
	}
}

func entry(e *manifest.TriggerEntry) trigger.Entry {
	return trigger.Entry{
		ID: e.ID, Component: e.Component, Decode: e.Decode,
		Errorf: func(key, format string, args ...any) error {
			pos := e.Pos()
			if key != "" {
				pos = e.KeyPos(key)
			}
			return &Error{Pos: pos, Err: fmt.Errorf(format, args...)}
		},
	}
}

// files is where a manifest and what it names are read from.
type files struct {
	fsys fs.FS  // nil: the operating system's
	dir  string // folder of the manifest
}

// manifest reads the manifest and remembers its folder.
func (f *files) manifest(name string) (*manifest.Manifest, error) {
	if f.fsys != nil {
		if info, err := fs.Stat(f.fsys, name); err == nil && info.IsDir() {
			name = path.Join(name, ManifestName)
		}
		f.dir = path.Dir(name)
		return manifest.Load(f.fsys, name)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		name = filepath.Join(name, ManifestName)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	f.dir = filepath.Dir(name)
	return manifest.Parse(name, b)
}

// read reads a file that the manifest names.
func (f *files) read(name string) ([]byte, error) {
	if f.fsys != nil {
		return fs.ReadFile(f.fsys, path.Join(f.dir, name))
	}
	if !filepath.IsAbs(name) {
		name = filepath.Join(f.dir, filepath.FromSlash(name))
	}
	return os.ReadFile(name)
}
