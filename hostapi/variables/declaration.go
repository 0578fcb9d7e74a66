package variables

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/template"
	"github.com/spinhost/spin/internal/wording"
)

// Declaration declares a variable of the application.
type Declaration struct {
	Name     string
	Default  Value // has no meaning if Required
	Required bool
	Secret   bool // the value is, wherever it comes from
}

// String implements fmt.Stringer. It does not show the default, which may be a secret.
func (d Declaration) String() string {
	return fmt.Sprintf("variable %.64q (required %t, secret %t)", d.Name, d.Required, d.Secret)
}

// GoString implements fmt.GoStringer.
func (d Declaration) GoString() string { return d.String() }

// Config describes the variables of an app.
type Config struct {
	// Variables are those of the application.
	Variables []Declaration
	// Components are the variables of each component, by id and name: templates over those of
	// the application.
	Components map[string]map[string]string
	// Providers are asked in order.
	Providers []Provider
}

// Fault is one thing that is wrong with a [Config].
type Fault struct {
	Component string // whose variable it is, "" if it is one of the application
	Variable  string
	Offset    int   // in the variable's template, in bytes
	Err       error // a *template.SyntaxError of this module, or an [*Error]
}

// Error says what is wrong, and what to write instead.
func (f *Fault) Error() string {
	if f.Component == "" {
		return f.Detail() // names the variable
	}
	return fmt.Sprintf("component %q: variable %.64q: %s", f.Component, f.Variable, f.Detail())
}

// Detail is Error without whose variable it is.
func (f *Fault) Detail() string { return f.Err.Error() }

// Unwrap returns what is wrong.
func (f *Fault) Unwrap() error { return f.Err }

// Faults are all that is wrong with a [Config].
type Faults []*Fault

// Error returns a line for each.
func (f Faults) Error() string { return wording.Lines(f) }

// Unwrap returns each.
func (f Faults) Unwrap() []error { return wording.Unwrap(f) }

// unknown says that a template refers to what is not declared.
func (r *Resolver) unknown(name string) error {
	if err := template.CheckKey(name); err != nil {
		return &Error{"", name, ErrInvalidName, err, err.Error()}
	}
	e := undeclared(name)
	var names []string
	for n := range r.declared {
		names = append(names, n)
	}
	if slices.Sort(names); len(names) > 0 && len(names) <= 8 {
		e.text += ", or write one of " + strings.Join(names, ", ")
	}
	return e
}
