package spin

import (
	"strings"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/value"
)

// deny returns what serves an interface that the part may not use. It has whatever the part
// wants of the interface, of any version, so that there is nothing that could be left open.
func (p *part) deny(id string, g capability.Grant) func(function string) func(*abi.Call) {
	log := p.c.a.log.With("component", p.c.m.ID, "dependency", strings.Join(p.path(), "/"))
	return func(function string) func(*abi.Call) {
		denial, _ := capability.DenialOf(id, function)
		n, answer := p.counter(id, function), refusal(id, denial, g.Err())
		var once sync.Once
		return func(c *abi.Call) {
			n.Add(capability.Denied)
			once.Do(func() { log.Warn("denied", "function", function, "reason", g.String()) })
			answer(c)
		}
	}
}

// refusal answers calls of a function as a denial says.
func refusal(id string, d capability.Denial, err error) func(*abi.Call) {
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
