package hostapi

import (
	"errors"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/refusal"
)

// ErrDenied is an error with which middleware refuses a call as if the component had not been
// given the interface at all: functions of the interfaces that come with spin answer with the
// error that Spin has for it, such as access-denied; others trap. Errors that wrap it do the same.
var ErrDenied = errors.New("host function is denied")

// Function is a function of a host interface.
type Function struct {
	Interface  string // its name with version, for example "wasi:http/types@0.3.0"
	Name       string // as components import it, for example "[method]fields.get"
	Capability string // the capability set that the interface belongs to; "" for none
}

// String returns the name with that of the interface, for example
// "wasi:http/types@0.3.0#[method]fields.get".
func (f Function) String() string { return f.Interface + "#" + f.Name }

// Middleware says what to do around the calls of a function for one component, or for one
// dependency inside it: s tells which, and must not be changed. It is asked once when the
// function is bound, and what it returns is called for each call; see [abi.Around] for what
// that can do. Functions for which it returns nil cost nothing.
//
// It is called for one function at a time. What it returns is called on the goroutines of all
// instances of the component at once, and must not block.
type Middleware func(s *Scope, f Function) abi.Around

// Wrap returns a registry with middleware around all functions of the interfaces that r has now;
// those that are added later are not wrapped. Middleware that is wrapped around others sees calls
// before them. It sees no calls of functions that the manifest denies to a dependency, which do
// not reach the interface, and none of stand-ins.
func (r Registry) Wrap(m Middleware) Registry {
	list := r.Interfaces()
	for k, i := range list {
		if i.Bind != nil {
			list[k] = Wrapped(i, m)
		}
	}
	return Registry{list}
}

// Wrapped returns i with middleware around its functions, as Wrap does it for all.
func Wrapped(i Interface, m Middleware) Interface {
	bind := i.Bind
	if bind == nil {
		return i
	}
	i.Bind = func(s *Scope) (*abi.Interface, error) {
		b, err := bind(s)
		if err != nil {
			return nil, err
		}
		c := *b
		c.Funcs = make([]abi.Func, len(b.Funcs))
		for k, f := range b.Funcs {
			if around := m(s, Function{b.ID, f.Name, i.Capability}); around != nil {
				f = intercept(b.ID, f, around)
			}
			c.Funcs[k] = f
		}
		return &c, nil
	}
	return i
}

// intercept is abi.Intercept, with ErrDenied.
func intercept(id string, f abi.Func, around abi.Around) abi.Func {
	refuse := f.Refuse
	f.Refuse = func(c *abi.Call, err error) {
		switch denial, _ := capability.DenialOf(id, f.Name); {
		case errors.Is(err, ErrDenied) && denial.Kind != capability.DenyTrap:
			refusal.Of(id, denial, err)(c)
		case refuse != nil:
			refuse(c, err)
		default:
			c.Fail(err)
		}
	}
	g := abi.Intercept(f, around)
	g.Refuse = refuse
	return g
}
