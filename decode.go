package spin

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/registry"
)

// decode reads a component from where the manifest says that it is.
func (p *part) decode(ctx context.Context, source manifest.Source) (*engine.Component, error) {
	c := p.c
	wasm, err := p.read(ctx, source)
	if err != nil {
		return nil, fmt.Errorf("source %q: %w%s", source, err, c.remedy(err))
	}
	decoded, err := engine.DecodeWith(wasm, engine.DecodeConfig{Limits: c.a.cfg.Limits.Component})
	if err != nil {
		return nil, fmt.Errorf("source %q: %w%s", source, err, c.remedy(err))
	}
	return decoded, nil
}

// read reads a source, wherever it is.
func (p *part) read(ctx context.Context, source manifest.Source) ([]byte, error) {
	if source.Path != "" {
		return p.c.a.files.read(source.Path)
	}
	return p.c.a.sources.fetch(ctx, source, p.dep != nil && p.dep.Component == "")
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
		return "; build for the target wasm32-wasip2, or make a component of it with wasm-tools component new"
	}
	return ""
}
