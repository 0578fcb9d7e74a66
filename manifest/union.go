package manifest

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// form is one of several tables that a value can be.
type form struct {
	name     string
	required []string
	optional []string
	hint     string // the form as a person would write it
}

func (f *form) has(key string) bool {
	return slices.Contains(f.required, key) || slices.Contains(f.optional, key)
}

// union reads a table that has one of several forms, each with keys that the
// others do not have: where a component is, or what else is meant. It says what is wrong with the form that the table seems to
// be meant as. Keys that all forms share are in shared. The form is nil if the
// table has none.
func (s section) union(what string, forms []form, shared []string) *form {
	var meant *form
	for _, f := range s.table.Fields {
		i := slices.IndexFunc(forms, func(form form) bool { return form.has(f.Key) })
		switch {
		case i < 0:
		case meant == nil:
			meant = &forms[i]
		case !meant.has(f.Key):
			s.add(f.Pos, s.path, nil, wording.Quote(f.Key)+" does not go with the keys of "+meant.name+": write either "+
				meant.hint+" or "+forms[i].hint)
			return nil
		}
	}
	if !s.unionKeys(forms, meant, shared) {
		return nil // a key that is missing is probably one of those that are unknown
	}
	if meant == nil {
		s.add(s.table.Pos, s.path, nil, "the table does not say where the "+what+" is: write one of "+hints(forms))
		return nil
	}
	for _, key := range meant.required {
		if s.table.Get(key) == nil {
			s.require(key, s.table.Pos, "write "+meant.hint)
			meant = nil
			break
		}
	}
	return meant
}

// unionKeys reports the keys that no form has. If it is not known which form is
// meant, those of all are proposed.
func (s section) unionKeys(forms []form, meant *form, shared []string) bool {
	known := slices.Clone(shared)
	for _, f := range forms {
		if meant == nil || f.name == meant.name {
			known = append(append(known, f.required...), f.optional...)
		}
	}
	ok := true
	for _, f := range s.table.Fields {
		if s.full() {
			return false
		}
		if !slices.Contains(known, f.Key) {
			s.add(f.Pos, s.at(f.Key), ErrUnknownKey, unknownKey(f.Key, known))
			ok = false
		}
	}
	return ok
}

func hints(forms []form) string {
	var list []string
	for _, f := range forms {
		list = append(list, f.hint)
	}
	return strings.Join(list, ", ")
}
