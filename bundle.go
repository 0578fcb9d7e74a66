package spin

import (
	"context"

	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/internal/volumes"
	"github.com/spinhost/spin/registry"
)

// newBundle says where an app is loaded from.
func newBundle(c *Config) *bundle.Bundle {
	from := bundle.Config{FS: c.FS, Profile: c.Profile, Fetcher: registry.Fetcher{
		Client: c.Downloads, Registry: c.Registry, Logger: c.Logger,
	}}
	if dir := cacheDir(c.SourceCache, "sources"); dir != "" {
		from.Fetcher.Cache = registry.NewCache(dir)
	}
	from.Features = func(kind string) ([]string, bool) {
		t, ok := c.Triggers.Lookup(kind)
		if !ok {
			return nil, false
		}
		return features(t), true
	}
	return bundle.New(from)
}

// openFiles finds the files of all components: what they see and, if they may change it, a copy.
func (a *App) openFiles(ctx context.Context) error {
	c := &a.cfg
	all := &volumes.Volumes{Bundle: a.bundle, Direct: c.DirectMounts, Write: c.AllowTransientWrite, TempDir: c.TempDir, Log: a.log}
	a.closers = append(a.closers, all.Close)
	a.mounts = map[string][]filesystem.Mount{}
	var errs []error
	for _, c := range a.m.Components {
		if len(c.Files)+len(c.ExcludeFiles) == 0 {
			continue
		}
		list, err := all.Open(ctx, c)
		if err != nil {
			errs = append(errs, inComponent(c, err)...)
			continue
		}
		if len(c.Files) > 0 {
			a.mounts[c.ID] = list
		}
	}
	return join(errs)
}
