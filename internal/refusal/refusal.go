// Package refusal answers calls of host functions that a component may not use.
package refusal

import (
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// Of answers calls of a function of an interface as a denial says; err is why, for those that trap.
func Of(id string, d capability.Denial, err error) func(*abi.Call) {
	var result any
	switch d.Kind {
	case capability.DenyCase:
		result = value.Error(value.Variant{Case: d.Case})
	case capability.DenyMessage:
		result = value.Error(value.Variant{Case: d.Case, Value: d.Message})
	case capability.DenyOptionalMessage:
		result = value.Error(value.Variant{Case: d.Case, Value: value.Some(d.Message)})
	case capability.DenyEmptyList:
		result = []any{}
	case capability.DenyNone:
		result = value.Option{}
	case capability.DenyOK:
		result = value.OK(nil)
	case capability.DenyResource:
		result = deniedResource{}
	case capability.DenyArgument:
		return func(c *abi.Call) {
			args := c.DynamicArgs()
			if len(args) == 0 {
				c.Fail(err)
				return
			}
			c.DynamicReturn(value.Error(value.Variant{Case: d.Case, Value: args[0]}))
		}
	default:
		return func(c *abi.Call) { c.Fail(err) }
	}
	takes := strings.HasPrefix(id, "wasi:http/") // own handles
	return func(c *abi.Call) {
		if takes {
			for _, x := range c.DynamicArgs() {
				drop(x)
			}
		}
		c.DynamicReturn(result)
	}
}

// deniedResource is what a constructor of a denied interface makes.
type deniedResource struct{}

// drop drops the resources that a guest has given away.
func drop(x any) {
	switch x := x.(type) {
	case value.Option:
		drop(x.Value)
	case abi.Dropper:
		_ = x.Drop() // nobody is left who could be told
	}
}
