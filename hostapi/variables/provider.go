package variables

import (
	"context"
	"maps"
)

// Provider has values of application variables. It is used by several goroutines at once.
type Provider interface {
	// Get returns the value of a variable, and whether the provider has one. It may block, and
	// should give up when ctx ends, which is the context of the guest's call.
	//
	// An error ends the search for a value. Guests and the log are told its text, unless the
	// variable is secret: then only that of a method SafeText() string that the error or one
	// that it wraps may have.
	Get(ctx context.Context, name string) (value string, ok bool, err error)
}

// Checker is what a provider may implement as well, if it knows before an app runs what it has.
type Checker interface {
	// MayResolve reports whether the provider may have a value for a variable. If no provider
	// may, and there is no default, the app is not started. Providers that are no Checker are
	// taken to be able to resolve all.
	MayResolve(name string) bool
}

// mayResolve reports whether p may have a value.
func mayResolve(p Provider, name string) bool {
	c, ok := p.(Checker)
	return !ok || c.MayResolve(name)
}

// hinter is a provider that can say where it looks for a variable, as in "set SPIN_VARIABLE_X".
type hinter interface{ hint(name string) string }

// Static returns a provider of fixed values, which it copies.
func Static(values map[string]string) Provider {
	values = maps.Clone(values)
	return static{func(name string) (string, bool) {
		v, ok := values[name]
		return v, ok
	}}
}

// static keeps its values in a function: package fmt shows maps, and they may be secret.
type static struct{ lookup func(string) (string, bool) }

// Get implements Provider.
func (p static) Get(_ context.Context, name string) (string, bool, error) {
	v, ok := p.lookup(name)
	return v, ok, nil
}

// MayResolve implements Checker.
func (p static) MayResolve(name string) bool {
	_, ok := p.lookup(name)
	return ok
}

// String implements fmt.Stringer.
func (p static) String() string { return "fixed values" }
