package capability

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/template"
	"github.com/spinhost/spin/internal/wording"
)

func hasTemplate(text string) bool { return strings.Contains(text, "{{") }

// parseTemplate returns the template of an entry; nil if it has none.
func parseTemplate(text string) (*template.Template, *problem) {
	if !hasTemplate(text) || len(text) > maxEntryLength {
		return nil, nil
	}
	t, err := template.Parse(text)
	if err == nil {
		err = checkNames(t)
	}
	if err != nil {
		return nil, &problem{reason: "has a malformed template", fix: err.Error(), err: ErrTemplate}
	}
	return t, nil
}

// checkNames finds a name that no variable can have.
func checkNames(t *template.Template) error {
	for _, name := range t.Names() {
		if err := template.CheckKey(name); err != nil {
			return err
		}
	}
	return nil
}

// deferEntry lets an entry match nothing as long as its template is not resolved.
func (h *Hosts) deferEntry(i int, t *template.Template) {
	if h.templates == nil {
		h.templates = make(map[int]*template.Template)
	}
	h.templates[i] = t
	h.patterns[i] = pattern{kind: noHost}
}

// Templated reports whether the list has entries with templates that are not resolved.
func (h *Hosts) Templated() bool { return h != nil && h.templates != nil }

// Names returns the application variables that entries wait for, each once, in the order of the list.
func (h *Hosts) Names() []string {
	var names []string
	for _, i := range h.deferred() {
		for _, name := range h.templates[i].Names() {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// deferred returns the indices of the entries that are not resolved, in order.
func (h *Hosts) deferred() []int {
	if !h.Templated() {
		return nil
	}
	var list []int
	for i := range h.entries {
		if h.templates[i] != nil {
			list = append(list, i)
		}
	}
	return list
}

// unresolved returns the entries that are not resolved.
func (h *Hosts) unresolved() []Entry {
	var list []Entry
	for _, i := range h.deferred() {
		list = append(list, h.entries[i])
	}
	return list
}

// Resolve returns the list with the values that lookup gives for application variables in place of the templates. An
// entry that becomes empty, "http://" or "https://" matches nothing, so that a destination can be optional. Every other
// one has to be an entry as ParseHosts takes it. The list that Resolve is called on stays as it is; without templates
// it is the result.
//
// The error is [EntryErrors] and has every fault; each is [ErrUnresolved] and the error of lookup where that failed. The
// list is returned all the same: faulty entries wait for another Resolve, and match nothing. Errors show what a
// template resolved to, but not with the variables that secrets names. Nothing else shows values: entries keep the text
// that is written in the manifest.
func (h *Hosts) Resolve(lookup func(name string) (string, error), secrets ...string) (*Hosts, error) {
	if !h.Templated() {
		return h, nil
	}
	r := &Hosts{owner: h.owner, entries: h.entries, patterns: slices.Clone(h.patterns)}
	var errs EntryErrors
	for _, i := range h.deferred() {
		t := h.templates[i]
		p, fault := resolveEntry(t, lookup, secrets)
		if fault != nil {
			fault.Entry = h.entries[i]
			errs = append(errs, fault)
			r.deferEntry(i, t)
			continue
		}
		r.patterns[i] = p
	}
	if errs != nil {
		return r, errs
	}
	return r, nil
}

// resolveEntry parses what a template becomes. The error lacks the entry.
func resolveEntry(t *template.Template, lookup func(name string) (string, error), secrets []string) (pattern, *EntryError) {
	failed := ""
	text, err := t.Resolve(func(name string) (string, error) {
		value, err := lookup(name)
		if err != nil {
			failed = name
		}
		return value, err
	})
	if failed != "" {
		return pattern{}, &EntryError{
			Reason: "cannot be resolved, as the variable " + wording.Quote(failed) + " has no value",
			Fix:    err.Error(),
			Err:    &unresolvedError{err},
		}
	}
	if err != nil { // of values too long for anything
		text = strings.Repeat("a", maxEntryLength+1)
	}
	switch text = strings.TrimSpace(text); text {
	case "", "http://", "https://":
		return pattern{kind: noHost}, nil
	}
	p, prob := parsePattern(text)
	if prob != nil {
		return pattern{}, resolvedError(t, text, prob, secrets)
	}
	return p, nil
}

// resolvedError says what is wrong with the text that a template became.
func resolvedError(t *template.Template, text string, prob *problem, secrets []string) *EntryError {
	names := t.Names()
	e := &EntryError{Err: prob.err}
	secret := slices.ContainsFunc(names, func(name string) bool { return slices.Contains(secrets, name) })
	for i, name := range names {
		names[i] = strconv.Quote(name)
	}
	e.Fix = "change the value of " + strings.Join(names, " or ")
	if secret {
		e.Reason = "resolves to text that " + prob.reason
		return e
	}
	e.Reason = "resolves to " + wording.Quote(wording.HidePassword(text)) + ", which " + prob.reason
	e.Fix += ": " + prob.fix
	return e
}

// unresolvedError is the cause of an EntryError about a variable without value.
type unresolvedError struct{ err error }

func (e *unresolvedError) Error() string { return ErrUnresolved.Error() + ": " + e.err.Error() }

func (e *unresolvedError) Unwrap() []error { return []error{ErrUnresolved, e.err} }
