package target

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// mismatch lists, one a line, what keeps a component from conforming to a world.
func mismatch(world *wit.World, imports, exports []Extern) []string {
	m := &matcher{}
	worldImports := items(world.Imports)
	for _, e := range imports {
		m.imported(e, worldImports)
	}
	own := make(map[string]Extern, len(exports))
	for _, e := range exports {
		own[e.Name] = e
		if track := semver.TrackOf(e.Name); track != e.Name {
			own[track] = e
		}
	}
	for _, it := range world.Exports {
		m.exported(it, own)
	}
	return m.reasons()
}

// maxReasons are listed for one world; the rest is counted.
const maxReasons = 64

type matcher struct {
	findings []string
	more     int
}

// full reports whether reasons are only counted. Where it costs more than a little to
// say what is wrong, ask first.
func (m *matcher) full() bool { return len(m.findings) == maxReasons }

func (m *matcher) add(format string, args ...any) {
	if m.full() {
		m.more++
		return
	}
	m.findings = append(m.findings, fmt.Sprintf(format, args...))
}

func (m *matcher) reasons() []string {
	if m.more > 0 {
		return append(m.findings, fmt.Sprintf("and %d more", m.more))
	}
	return m.findings
}

// items indexes what a world imports by name, and by name with compatible versions.
func items(list []*wit.WorldItem) map[string]*wit.WorldItem {
	index := make(map[string]*wit.WorldItem, len(list))
	for _, it := range list {
		index[it.Name] = it
		track := semver.TrackOf(it.Name)
		if other, ok := index[track]; !ok || semver.Newer(it.Name, other.Name) {
			index[track] = it
		}
	}
	return index
}

// lookup finds a name, or else one of a compatible version.
func lookup[T any](index map[string]T, name string) (T, bool) {
	it, ok := index[name]
	if !ok {
		it, ok = index[semver.TrackOf(name)]
	}
	return it, ok
}

// imported finds what a component wants of an import and the world does not give.
func (m *matcher) imported(e Extern, world map[string]*wit.WorldItem) {
	it, ok := lookup(world, e.Name)
	if !ok {
		hint := ""
		if !m.full() {
			hint = otherVersion(world, e.Name)
		}
		m.add("it imports %s, which the world does not: remove what uses it%s", wording.Quote(e.Name), hint)
		return
	}
	switch {
	case e.Kind == instanceKind && it.Interface != nil:
		m.needs(e, it.Interface)
	case e.Kind == functionKind && it.Func != nil:
		m.function("imports", e.Name, e.Type, wit.Signature(it.Func))
	case e.Kind == typeKind && it.Type != nil:
	default:
		m.add("it imports %s as %s, and in the world that is %s: build the component with the WIT of the world", wording.Quote(e.Name), article(e.Kind), itemKind(it))
	}
}

// otherVersion names an import of the world that differs in the version alone.
func otherVersion(world map[string]*wit.WorldItem, name string) string {
	base, _, _ := strings.Cut(name, "@")
	best := ""
	for other, it := range world {
		if b, _, _ := strings.Cut(other, "@"); b == base && other == it.Name && (best == "" || semver.Newer(other, best)) {
			best = other
		}
	}
	if best == "" {
		return ""
	}
	return ", or build the component with an SDK that uses " + wording.Quote(best)
}

// needs finds what an imported instance has to have and an interface does not.
func (m *matcher) needs(e Extern, i *wit.Interface) {
	for _, item := range e.Items {
		name := e.Name + "#" + item.Name
		if item.Kind != functionKind {
			continue // types count by the functions that use them
		}
		f := i.Func(item.Name)
		if f == nil {
			m.add("it imports the function %s, which %s of the world does not have: remove what uses it", wording.Quote(name), wording.Quote(i.ID()))
			continue
		}
		m.function("imports", name, item.Type, wit.Signature(f))
	}
}

// exported finds what a world wants of an export and the component does not have.
func (m *matcher) exported(it *wit.WorldItem, own map[string]Extern) {
	e, ok := lookup(own, it.Name)
	switch {
	case !ok:
		m.add("it does not export %s: export it, or build the component with an SDK that does", wording.Quote(it.Name))
	case e.Kind == functionKind && it.Func != nil:
		m.function("exports", e.Name, e.Type, wit.Signature(it.Func))
	case e.Kind == instanceKind && it.Interface != nil:
		m.provides(e, it.Interface)
	default:
		m.add("it exports %s as %s, and in the world that is %s: build the component with the WIT of the world", wording.Quote(e.Name), article(e.Kind), itemKind(it))
	}
}

// provides finds what an exported instance lacks of an interface.
func (m *matcher) provides(e Extern, i *wit.Interface) {
	own := make(map[string]Extern, len(e.Items))
	for _, item := range e.Items {
		own[item.Name] = item
	}
	for _, f := range i.Funcs {
		name := e.Name + "#" + f.WireName()
		item, ok := own[f.WireName()]
		if !ok || item.Kind != functionKind {
			m.add("its export %s does not have the function %s: add it", wording.Quote(e.Name), wording.Quote(f.WireName()))
			continue
		}
		m.function("exports", name, item.Type, wit.Signature(f))
	}
}

func (m *matcher) function(does, name, own, world string) {
	if !sameType(own, world) {
		m.add("it %s the function %s with the type %s, and in the world it has the type %s: build the component with the WIT of the world",
			does, wording.Quote(name), clip(own), clip(world))
	}
}

const maxShown = 300 // bytes of a type

func clip(signature string) string {
	if len(signature) > maxShown {
		return signature[:maxShown] + "..."
	}
	return signature
}

func article(kind string) string {
	switch kind {
	case instanceKind:
		return "an interface"
	case "":
		return "something unknown"
	}
	return "a " + kind
}

func itemKind(it *wit.WorldItem) string {
	switch {
	case it.Interface != nil:
		return "an interface"
	case it.Func != nil:
		return "a function"
	}
	return "a type"
}
