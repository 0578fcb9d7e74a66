package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/internal/fault"
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

// decode reads the component, or a dependency of it, from where the manifest says that it is.
func (c *component) decode(ctx context.Context, dep *manifest.Dependency) (*engine.Component, error) {
	source := c.m.Source
	if dep != nil {
		source = dep.Source
	}
	key := wanted{source, dep != nil && dep.Component == ""}
	key.source.Pos = manifest.Position{}
	v, _ := c.a.decoded.LoadOrStore(key, new(decoding))
	d := v.(*decoding)
	d.once.Do(func() { d.c, d.err = c.a.decode(ctx, key) })
	if d.err != nil {
		return nil, fault.At(c.sourcePos(dep, d.err), fmt.Errorf("source %q: %w%s", source, d.err, c.remedy(d.err)))
	}
	return d.c, nil
}

func (a *App) decode(ctx context.Context, w wanted) (*engine.Component, error) {
	wasm, err := a.bundle.Code(ctx, w.source, w.requirement)
	if err != nil {
		return nil, err
	}
	return engine.DecodeWith(wasm, engine.DecodeConfig{Limits: a.cfg.Limits.Component, Modules: a.modules})
}

// sourcePos is the place of the key that is wrong with a source, if one is.
func (c *component) sourcePos(dep *manifest.Dependency, err error) manifest.Position {
	var wrong *registry.Error
	known := errors.As(err, &wrong)
	switch {
	case dep == nil && known:
		return c.m.KeyPos("source", wrong.Key)
	case dep == nil:
		return c.m.Source.Pos
	case !known:
		return dep.Source.Pos
	case dep.Component == "":
		return dep.KeyPos(wrong.Key)
	}
	if m, ok := c.a.m.Component(dep.Component); ok {
		return m.KeyPos("source", wrong.Key)
	}
	return dep.Source.Pos
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
