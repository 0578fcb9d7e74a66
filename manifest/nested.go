package manifest

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// checkNested finds components that depend on each other in a circle, and those that
// come to too many dependencies with those of their dependencies: each use is an
// instance of its own, so that their number can grow with every level.
func (a *assembly) checkNested() {
	n := nesting{assembly: a, count: make(map[*draft]int)}
	for _, d := range a.drafts {
		n.visit(d)
	}
}

type nesting struct {
	*assembly
	path  []*draft
	count map[*draft]int // of all dependencies of a component; 0 while they are counted
}

// visit counts the dependencies of a component, those of its dependencies included.
func (n *nesting) visit(d *draft) int {
	if total, seen := n.count[d]; seen {
		return total
	}
	n.count[d] = 0
	n.path = append(n.path, d)
	total := 0
	for _, dep := range d.Dependencies {
		total++
		target := n.byID[dep.Component]
		if target == nil || target == d || dep.Dependencies == nil {
			continue
		}
		if cycle := n.cycle(target); cycle != "" {
			n.add(dep.KeyPos("component"), tomltree.Path(dep.path, "component"), nil,
				"the components depend on each other in a circle, "+cycle+": remove one of these dependencies")
			continue
		}
		if total += n.visit(target); total > maxDependencies {
			n.add(dep.Pos, dep.path, ErrLimit, fmt.Sprintf("the component has more than %d dependencies, with those of its dependencies", maxDependencies))
			total = maxDependencies
			break
		}
	}
	n.path = n.path[:len(n.path)-1]
	n.count[d] = total
	return total
}

// cycle names the components of a circle that target would close; empty if it does not.
func (n *nesting) cycle(target *draft) string {
	for i, d := range n.path {
		if d != target {
			continue
		}
		var names []string
		for _, x := range n.path[i:] {
			names = append(names, wording.Quote(x.ID))
		}
		return strings.Join(append(names, wording.Quote(target.ID)), " on ")
	}
	return ""
}
