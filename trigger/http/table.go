package http

import (
	"cmp"
	"slices"
	"strings"
)

// reservedPrefix begins the paths that the trigger answers itself.
const reservedPrefix = "/.well-known/spin/"

// entry is one route of the table with what serves it: a component, or a static response.
type entry struct {
	route   Route
	pattern pattern
	target  *target
	static  *staticResponse // in place of target
	argv    string          // the arguments of a program
	fixed   []field         // header fields that are the same for each request
	names   []string        // of the fields for the parameters
	order   int             // of registration
	// errorf makes an error at the place of a key of the entry in the manifest.
	errorf func(key, format string, args ...any) error
}

// table finds the entry that serves a path.
type table struct{ entries []*entry }

// newTable puts entries, which are in the order of the manifest, in order of precedence.
// Entries that repeat the text of an earlier one replace it, in its place; replaced gets both.
func newTable(entries []*entry, replaced func(old, by *entry)) table {
	var t table
	byText := map[string]int{}
	for _, e := range entries {
		if i, ok := byText[e.route.Raw]; ok {
			e.order = i
			replaced(t.entries[i], e)
			t.entries[i] = e
			continue
		}
		e.order = len(t.entries)
		byText[e.route.Raw] = e.order
		t.entries = append(t.entries, e)
	}
	dotted := slices.ContainsFunc(t.entries, func(e *entry) bool { return e.pattern.dots > 0 })
	slices.SortFunc(t.entries, func(a, b *entry) int { return compare(a, b, dotted) })
	return t
}

// find returns the first entry that matches the path. params is appended to.
func (t *table) find(path string, params []capture) (*entry, []capture, capture) {
	for _, e := range t.entries {
		if p, rest, ok := e.pattern.match(path, params[:0]); ok {
			return e, p, rest
		}
	}
	return nil, nil, capture{}
}

// compare orders routes by precedence: where their pieces first differ in kind, literals go
// before parameters and these before wildcards; else more dots beside parameters go first,
// then fewer pieces, then who was first in the manifest.
//
// A route that is the beginning of another differs from it only at its end. Without dots the
// shorter one goes first, as only a wildcard can make both match one path. Dots may win over
// length: the end then ranks as a wildcard does, which decides all pairs that can match one
// path as the rule says, and is an order also for the others, which the rule alone is not.
func compare(a, b *entry, dotted bool) int {
	end := -1
	if dotted {
		end = int(wildcard)
	}
	rank := func(p *pattern, i int) int {
		if i < len(p.pieces) {
			return int(p.pieces[i].kind)
		}
		return end
	}
	for i := range max(len(a.pattern.pieces), len(b.pattern.pieces)) {
		if c := rank(&a.pattern, i) - rank(&b.pattern, i); c != 0 {
			return c
		}
	}
	return cmp.Or(
		cmp.Compare(b.pattern.dots, a.pattern.dots),
		cmp.Compare(len(a.pattern.pieces), len(b.pattern.pieces)),
		cmp.Compare(a.order, b.order),
	)
}

// hidden calls report for each entry that no request reaches, as the routes of another match the
// same paths and come before it.
func (t *table) hidden(report func(e, by *entry)) {
	first := map[string]*entry{}
	for _, e := range t.entries {
		key := e.pattern.key()
		if by, ok := first[key]; ok {
			report(e, by)
		} else {
			first[key] = e
		}
	}
}

// normalized returns the route as the header spin-matched-route shows it: with a slash before
// it, and without one after it.
func normalized(route string) string {
	if !strings.HasPrefix(route, "/") {
		route = "/" + route
	}
	return strings.TrimSuffix(route, "/")
}
