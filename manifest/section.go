package manifest

import (
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// keyRule says what becomes of one key of a table.
type keyRule struct {
	name    string
	instead string // for a key that is none, but that people write: what to write
}

// section reads the keys of a table and collects what is wrong with them.
type section struct {
	*collector
	table *tomltree.Node
	path  string
}

func (s section) at(key string) string { return tomltree.Path(s.path, key) }

// check reports the keys that have no rule.
func (s section) check(rules []keyRule) {
	for _, f := range s.table.Fields {
		if s.full() {
			return
		}
		rule := findRule(rules, f.Key)
		switch {
		case rule != nil && rule.instead != "":
			s.add(f.Pos, s.at(f.Key), ErrUnknownKey, "unknown key "+wording.Quote(f.Key)+": "+rule.instead)
		case rule == nil:
			s.add(f.Pos, s.at(f.Key), ErrUnknownKey, unknownKey(f.Key, ruleNames(rules)))
		}
	}
}

func findRule(rules []keyRule, name string) *keyRule {
	for i := range rules {
		if rules[i].name == name {
			return &rules[i]
		}
	}
	return nil
}

func ruleNames(rules []keyRule) []string {
	var names []string
	for _, r := range rules {
		if r.instead == "" {
			names = append(names, r.name)
		}
	}
	return names
}

func unknownKey(name string, known []string) string {
	if near := wording.Nearest(name, known); near != "" {
		return "unknown key " + wording.Quote(name) + ": did you mean " + wording.Quote(near) + "?"
	}
	if len(known) == 0 {
		return "unknown key " + wording.Quote(name) + ": remove it, as there are no keys here"
	}
	return "unknown key " + wording.Quote(name) + ": remove it, or write one of " + strings.Join(known, ", ")
}

// wrongKind reports a value of another type than it must have.
func (s section) wrongKind(n *tomltree.Node, path, want string) {
	msg := "must be " + want + ", not " + n.Kind.String()
	if fix := rewrite(n, path, want); fix != "" {
		msg += ": write " + fix
	}
	s.add(n.Pos, path, nil, msg)
}

// field returns the field of a key if it has one of the wanted kind.
func (s section) field(key string, k tomltree.Kind, want string) *tomltree.Field {
	f := s.table.Get(key)
	if f == nil {
		return nil
	}
	if f.Node.Kind != k {
		s.wrongKind(f.Node, s.at(key), want)
		return nil
	}
	return f
}

// text returns the string of a key, empty if there is none.
func (s section) text(key string) string {
	if f := s.field(key, tomltree.String, "a string"); f != nil {
		return f.Node.Value.(string)
	}
	return ""
}

// subsection returns the table of a key.
func (s section) subsection(key string) (section, bool) {
	f := s.field(key, tomltree.Table, "a table")
	if f == nil {
		return section{}, false
	}
	return section{s.collector, f.Node, s.at(key)}, true
}

// textNodes returns the elements of a key whose value is an array of strings.
func (s section) textNodes(key string) []*tomltree.Node {
	const want = "an array of strings"
	f := s.field(key, tomltree.Array, want)
	if f == nil {
		return nil
	}
	var list []*tomltree.Node
	for _, item := range f.Node.Items {
		if item.Kind == tomltree.String {
			list = append(list, item)
		} else {
			s.wrongKind(item, s.at(key), "a string")
		}
	}
	return list
}

func (s section) texts(key string) []string {
	var list []string
	for _, n := range s.textNodes(key) {
		list = append(list, n.Value.(string))
	}
	return list
}

// require reports a key that is absent.
func (s section) require(key string, pos Position, fix string) {
	if s.table.Get(key) == nil {
		s.add(pos, s.path, ErrMissingKey, "the key "+wording.Quote(key)+" is missing: "+fix)
	}
}
