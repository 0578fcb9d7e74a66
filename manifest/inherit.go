package manifest

import (
	"fmt"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

const legacyInheritKey = "dependencies_inherit_configuration"

// spreadInherit gives the dependencies what their component says for all of them
// in the way that came before inherit_configuration. It does not reach dependencies
// that are only a version: Spin has no place to keep it there, and whoever relies
// on that has denied it something.
func (d *draft) spreadInherit() {
	if d.legacyInherit == nil {
		return
	}
	pos := d.legacyInherit.Pos
	d.warn(pos, d.at(legacyInheritKey), `this key is replaced by inherit_configuration in each dependency: write, for instance, { path = "...", inherit_configuration = true }`)
	all := d.legacyInherit.Node.Value.(bool)
	for _, dep := range d.Dependencies {
		switch {
		case dep.Inherit.Pos().IsValid():
			d.add(dep.Inherit.Pos(), tomltree.Path(dep.path, inheritKey), nil, fmt.Sprintf(
				"%q and %q of the component (line %d) exclude each other: remove the latter", inheritKey, legacyInheritKey, pos.Line))
		case !all:
		case dep.Bare:
			d.warn(dep.Pos, dep.path, fmt.Sprintf("%q of the component has no effect on a dependency that is only a version, which may use nothing: write { version = %s, inherit_configuration = true } if it should",
				legacyInheritKey, wording.Quote(dep.Source.Version)))
		default:
			dep.Inherit = capability.InheritForAll(pos, true)
		}
	}
}
