package engine

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/limits"
)

// CheckCode does what is done with the core modules of a component itself before the compiler
// gets to see them.
func CheckCode(c *Component) error {
	costs := costs{max: limits.Limits(c.limits).WithDefaults()}
	for _, d := range c.c.Defs {
		if m, ok := d.(*binary.CoreModule); ok {
			if err := costs.add(m); err != nil {
				return err
			}
		}
	}
	return nil
}

// WithoutAdapters makes programs that the linker links from now on leave all calls between
// component instances to the engine.
func (l *Linker) WithoutAdapters() { l.options.NoAdapters = true }

// KeepsSpares reports whether the program's ended instances are used again, if the system can
// tell which pages they have written.
func (p *Program) KeepsSpares() bool { return p.spares.on || p.rt.pagemap == nil }

// HasAdapters reports whether the program has generated code for calls between its component
// instances.
func (p *Program) HasAdapters() bool { return p.link.Control != canon.None }
