package spin

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/runtimeconfig"
	"github.com/spinhost/spin/target"
)

// place gives a fault its position, unless one that it wraps knows better: the line of a
// component's source, not that of the trigger which names the component.
func place(err error, pos manifest.Position) error {
	var e *Error
	var m *manifest.Error
	switch {
	case errors.As(err, &e):
		return &Error{Component: e.Component, Pos: e.Pos, Err: without(err, e.prefix())}
	case errors.As(err, &m):
		return &Error{Pos: m.Pos(), Err: without(err, m.Pos().String()+": ")}
	}
	return &Error{Pos: pos, Err: err}
}

// without takes a part out of an error's text.
func without(err error, part string) error {
	return fault.Reword(err, strings.Replace(err.Error(), part, "", 1))
}

// placed takes errors apart that were joined, and places those that have no position.
func placed(err error, pos manifest.Position) []error {
	var list []error
	for _, e := range fault.Split(err) {
		if _, ok := position(e); !ok {
			e = &Error{Pos: pos, Err: e}
		}
		list = append(list, e)
	}
	return list
}

// inComponent takes errors apart that were joined, and places them: at the component's source if they
// have no position.
func inComponent(c *manifest.Component, err error) []error {
	errs := fault.Split(err)
	for k, e := range errs {
		var f *fault.Error
		switch _, ok := position(e); {
		case errors.As(e, &f):
			errs[k] = &Error{Component: c.ID, Pos: f.Pos, Err: f.Err}
		case !ok:
			errs[k] = &Error{Component: c.ID, Pos: c.Source.Pos, Err: e}
		}
	}
	return errs
}

// position returns the place that the text of an error has.
func position(err error) (manifest.Position, bool) {
	var e *Error
	var m *manifest.Error
	var c *runtimeconfig.Error
	var t *target.Error
	var l *target.LoadError
	switch {
	case errors.As(err, &e):
		return e.Pos, true
	case errors.As(err, &m):
		return m.Pos(), true
	case errors.As(err, &c):
		return c.Pos, true
	case errors.As(err, &t):
		return t.Pos, t.Pos.IsValid()
	case errors.As(err, &l):
		return l.Reference.Pos, l.Reference.Pos.IsValid()
	}
	return manifest.Position{}, false
}

// join makes one error of faults: each once, in the order of their places.
func join(errs []error) error {
	seen := map[string]bool{}
	errs = slices.DeleteFunc(errs, func(e error) bool {
		again := seen[e.Error()] // such as those of a component that two triggers use
		seen[e.Error()] = true
		return again
	})
	slices.SortStableFunc(errs, func(a, b error) int {
		p, _ := position(a)
		q, _ := position(b)
		return cmp.Or(cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
	})
	return errors.Join(errs...)
}
