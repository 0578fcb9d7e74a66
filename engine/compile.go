package engine

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/internal/corewasm"
)

// compile compiles the core modules of a program, or loads them from the cache. of are the
// components of which it was linked.
func (p *Program) compile(ctx context.Context, of []*Component) error {
	p.spares.p = p
	owner, err := p.checkModules(ctx, of)
	if err != nil {
		return err
	}
	for i, src := range p.sources() {
		m := p.link.Modules[i]
		c := owner(m)
		src.Check = func() error { return c.add(m) }
		if err := p.rt.fits(src.Info); err != nil {
			return fmt.Errorf("core module at offset %#x: %w", m.Offset, err)
		}
		mod, _, err := p.rt.cache.Module(ctx, p.rt.engine, src)
		if err != nil {
			return codeError(m, c.paths[m], err)
		}
		p.modules = append(p.modules, mod)
	}
	if p.spares.on {
		p.rt.know(p)
	}
	return nil
}

// checkModules validates those core modules of the components that nothing instantiates, and
// that are not compiled for that reason. It returns a function that finds the costs of the
// component to which a module belongs; those that the host gives count for the last.
func (p *Program) checkModules(ctx context.Context, of []*Component) (owner func(*binary.CoreModule) *costs, err error) {
	compiled := make(map[*binary.CoreModule]bool, len(p.link.Modules))
	for _, m := range p.link.Modules {
		compiled[m] = true
	}
	owners := map[*binary.CoreModule]*costs{}
	var last *costs
	for _, c := range of {
		last = &costs{max: limits.Limits(c.limits).WithDefaults(), paths: map[*binary.CoreModule]string{}}
		pathsOf(c.c, last.paths)
		for m, path := range last.paths {
			owners[m] = last
			if !p.rt.cfg.Features.Memory64 && has64Bits(m.Info) {
				return nil, fmt.Errorf("core module at offset %#x: memory64 must be enabled for 64-bit memories and tables (Config.Features): %w",
					m.Offset, ErrUnsupported)
			}
			if compiled[m] {
				continue
			}
			if err := p.rt.engine.Validate(ctx, m.Bytes); err != nil {
				return nil, codeError(m, path, err)
			}
		}
	}
	return func(m *binary.CoreModule) *costs {
		if c := owners[m]; c != nil {
			return c
		}
		return last
	}, nil
}

// pathsOf notes in which component each core module is.
func pathsOf(c *binary.Component, paths map[*binary.CoreModule]string) {
	for _, d := range c.Defs {
		switch d := d.(type) {
		case *binary.ComponentDef:
			pathsOf(d.Component, paths)
		case *binary.CoreModule:
			paths[d] = c.Path()
		}
	}
}

// codeError turns what the compiler says of a module into what users see: offsets are those in
// the component.
func codeError(m *binary.CoreModule, path string, err error) error {
	const mark = "(at offset 0x"
	text := err.Error()
	i := strings.LastIndex(text, mark)
	if i < 0 {
		return fmt.Errorf("core module at offset %#x: %w", m.Offset, err)
	}
	digits, _, _ := strings.Cut(text[i+len(mark):], ")")
	at, bad := strconv.ParseUint(digits, 16, 32)
	if bad != nil {
		return fmt.Errorf("core module at offset %#x: %w", m.Offset, err)
	}
	reason := strings.TrimSpace(text[:i])
	for _, prefix := range []string{"wasmtime: ", "compile: ", "validate: "} {
		reason = strings.TrimPrefix(reason, prefix)
	}
	e := &ValidationError{Offset: m.Offset + int(at), Path: path, Rule: string(binary.RuleCoreModule), Reason: reason, Err: err}
	if path != "" {
		path += ": "
	}
	e.text = fmt.Sprintf("invalid component: %score module: %s (at byte %#x)", path, reason, e.Offset)
	return e
}

// costs adds up what compiling the modules of a component is estimated to cost.
type costs struct {
	max   limits.Limits
	paths map[*binary.CoreModule]string
	sum   uint64
}

// add reads the code of a module before the compiler does. It is not called for modules whose
// code is in the cache: those have been compiled before.
func (c *costs) add(m *binary.CoreModule) error {
	cost, err := corewasm.MeasureCode(m.Bytes, m.Info)
	if err != nil {
		return moduleError(err)
	}
	over := func(limit string, value uint64, max, at int) error {
		return &StaticLimitError{Limit: limit, Value: value, Max: uint64(max), Offset: m.Offset + at, Path: c.paths[m]}
	}
	switch c.sum += cost.Total; {
	case cost.BranchTargets > uint64(c.max.BranchTargets):
		return over("BranchTargets", cost.BranchTargets, c.max.BranchTargets, cost.BranchesAt)
	case cost.Max > uint64(c.max.FunctionCost):
		return over("FunctionCost", cost.Max, c.max.FunctionCost, cost.MaxAt)
	case c.sum > uint64(c.max.Cost):
		return over("Cost", c.sum, c.max.Cost, 0)
	}
	return nil
}
