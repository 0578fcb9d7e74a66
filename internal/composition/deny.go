package composition

import (
	"strings"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/refusal"
)

// deny returns what serves an interface that the part may not use. It has whatever the part
// wants of the interface, of any version, so that there is nothing that could be left open.
func (p *Part) deny(id string, g capability.Grant) func(function string) func(*abi.Call) {
	return func(function string) func(*abi.Call) {
		denial, _ := capability.DenialOf(id, function)
		n, answer := p.counter(id, function), refusal.Of(id, denial, g.Err())
		var once sync.Once
		return func(c *abi.Call) {
			n.Add(capability.Denied)
			once.Do(func() {
				p.program.host.Logger.Warn("denied", "component", p.subject.Component, "dependency", strings.Join(p.Path(), "/"), "function", function, "reason", g.String())
			})
			answer(c)
		}
	}
}
