package engine

import (
	"github.com/spinhost/spin/engine/internal/binary"
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
