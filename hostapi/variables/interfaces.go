package variables

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	"github.com/spinhost/spin/hostapi/variables/internal/config"
	"github.com/spinhost/spin/hostapi/variables/internal/spin1"
	"github.com/spinhost/spin/hostapi/variables/internal/spin2"
	"github.com/spinhost/spin/hostapi/variables/internal/spin3"
)

// Capability is the capability set that the interfaces belong to.
const Capability = "variables"

// Interfaces returns the interfaces by which guests read variables: fermyon:spin/config,
// fermyon:spin/variables, spin:variables/variables and wasi:config/store. They serve what
// [Provide] has put into a scope; in others no variable is defined.
func Interfaces() []hostapi.Interface {
	return []hostapi.Interface{
		family.Of(spin1.ConfigID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return spin1.ServeConfig(v1{viewOf(s)})
		}),
		family.Of(spin2.VariablesID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return spin2.ServeVariables(v2{viewOf(s)})
		}),
		family.Of(spin3.VariablesID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return spin3.ServeVariables(v3{viewOf(s)})
		}),
		family.Of(config.StoreID, Capability, func(s *hostapi.Scope) *abi.Interface {
			return config.ServeStore(store{viewOf(s)})
		}),
	}
}

// scopeKey is where Provide keeps what it is given.
type scopeKey struct{}

// Provide gives the guests of a scope the variables of a component, which may be that of the
// scope or another. It must be called before an interface is bound.
func Provide(s *hostapi.Scope, r *Resolver, component string) {
	s.Set(scopeKey{}, view{resolver: r, component: component})
}

// view is what the guests of a scope see.
type view struct {
	resolver  *Resolver
	component string
	log       *slog.Logger
}

func viewOf(s *hostapi.Scope) view {
	v, ok := s.Value(scopeKey{}).(view)
	if !ok || v.resolver == nil {
		v = view{resolver: new(Resolver), component: s.Component}
	}
	if v.log = s.Logger; v.log == nil {
		v.log = slog.New(slog.DiscardHandler)
	}
	return v
}

// get resolves a variable for a guest.
func (v view) get(ctx context.Context, name string) (string, error) {
	value, err := v.resolver.Get(ctx, v.component, name)
	v.report(ctx, err)
	return value.Reveal(), err
}

// report tells the operator of failing providers, about which a guest can do nothing. That a
// guest's call was cancelled is no failure.
func (v view) report(ctx context.Context, err error) {
	if errors.Is(err, ErrProvider) && ctx.Err() == nil {
		v.log.WarnContext(ctx, "variable was not resolved", "error", err.Error())
	}
}
