package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/registry"
)

// wanted says what is to be decoded: the place of a source, but not that of its mention.
type wanted struct {
	source      manifest.Source
	requirement bool // the version is one
}

// decoding is a component that is decoded once for all that are made of it.
type decoding struct {
	once sync.Once
	c    *engine.Component
	err  error
}

// decode reads a component from where the manifest says that it is.
func (p *part) decode(ctx context.Context, source manifest.Source) (*engine.Component, error) {
	key := wanted{source, p.dep != nil && p.dep.Component == ""}
	key.source.Pos = manifest.Position{}
	v, _ := p.c.a.decoded.LoadOrStore(key, new(decoding))
	d := v.(*decoding)
	d.once.Do(func() { d.c, d.err = p.c.a.decode(ctx, key) })
	if d.err != nil {
		return nil, fmt.Errorf("source %q: %w%s", source, d.err, p.c.remedy(d.err))
	}
	return d.c, nil
}

func (a *App) decode(ctx context.Context, w wanted) (*engine.Component, error) {
	wasm, err := a.read(ctx, w)
	if err != nil {
		return nil, err
	}
	return engine.DecodeWith(wasm, engine.DecodeConfig{Limits: a.cfg.Limits.Component, Modules: coreModules()})
}

// read reads a source, wherever it is.
func (a *App) read(ctx context.Context, w wanted) ([]byte, error) {
	switch {
	case w.source.Path == "":
	case a.files.locked != nil:
		return a.readLocked(w.source.Path)
	default:
		return a.files.read(w.source.Path)
	}
	return a.sources.fetch(ctx, w.source, w.requirement)
}

// sourcePos is the place of the key that is wrong with a source, if one is.
func (p *part) sourcePos(source manifest.Source, err error) manifest.Position {
	var fault *registry.Error
	switch {
	case !errors.As(err, &fault):
		return source.Pos
	case p.dep == nil:
		return p.c.m.KeyPos("source", fault.Key)
	case p.dep.Component == "":
		return p.dep.KeyPos(fault.Key)
	}
	if m, ok := p.c.a.m.Component(p.dep.Component); ok {
		return m.KeyPos("source", fault.Key)
	}
	return source.Pos
}

// remedy says what can be done about a source that is no component.
func (c *component) remedy(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist) && c.m.Build != nil && len(c.m.Build.Command) > 0:
		return fmt.Sprintf("; build the component with %q", c.m.Build.Command[0])
	case errors.Is(err, fs.ErrNotExist):
		return "; build the component, or correct the path"
	case errors.Is(err, ErrCoreModule):
		return " without a component type, and no program either, which would export _start; build for the target wasm32-wasip2, or make a component of it with wasm-tools component new"
	}
	return ""
}
