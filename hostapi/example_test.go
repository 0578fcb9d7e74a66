package hostapi_test

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// clock is an interface as generated code makes it of an implementation.
func clock(*hostapi.Scope) (*abi.Interface, error) {
	return &abi.Interface{ID: "acme:clock/clock@1.0.0"}, nil
}

func ExampleInterface() {
	i := hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock}
	bound, err := i.Bind(&hostapi.Scope{App: "shop", Component: "cart"})
	fmt.Println(bound.ID, err)
	// Output: acme:clock/clock@1.0.0 <nil>
}

// A registry is a value: changing one leaves others as they are.
func ExampleRegistry() {
	base := hostapi.NewRegistry(hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock})
	more := base.With(hostapi.StandIn("key_value_stores", "acme:kv/store@1.0.0", "acme:kv/batch@1.0.0")...)
	less := more.Without("acme:clock/clock@1.0.0")
	for _, r := range []hostapi.Registry{base, more, less} {
		fmt.Println(len(r.Interfaces()))
	}
	// Output:
	// 1
	// 3
	// 2
}

func ExampleNewRegistry() {
	r := hostapi.NewRegistry(hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock})
	_, ok := r.Lookup("acme:clock/clock@1.0.0")
	fmt.Println(ok)
	// Output: true
}

// Guests that import an interface which is not built yet can be loaded, and trap if they call it.
func ExampleStandIn() {
	for _, i := range hostapi.StandIn("ai_models", "fermyon:spin/llm@2.0.0") {
		fmt.Println(i.ID, i.Capability, i.Bind == nil)
	}
	// Output: fermyon:spin/llm@2.0.0 ai_models true
}

// A snapshot whose signatures agree with those of the release is served by the same code.
func ExampleRenamed() {
	i := hostapi.Renamed(hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock}, "1.0.0", "1.0.0-rc1")
	bound, _ := i.Bind(nil)
	fmt.Println(i.ID, bound.ID)
	// Output: acme:clock/clock@1.0.0-rc1 acme:clock/clock@1.0.0-rc1
}

func ExampleScope_Name() {
	s := &hostapi.Scope{Component: "cart", Path: []string{"acme:tax/rates"}}
	fmt.Println(s.Name())
	// Output: cart/acme:tax/rates
}

// A family of interfaces finds its own configuration in the scope.
func ExampleScope_Set() {
	type key struct{} // of the family's package
	s := &hostapi.Scope{Component: "cart"}
	s.Set(key{}, []string{"default", "sessions"})
	stores, ok := s.Value(key{}).([]string)
	fmt.Println(stores, ok)
	// Output: [default sessions] true
}

// Calls of a stand-in fail with ErrNotBuilt.
func ExampleErrNotBuilt() {
	err := fmt.Errorf("fermyon:spin/llm@2.0.0: %w", hostapi.ErrNotBuilt)
	fmt.Println(errors.Is(err, hostapi.ErrNotBuilt))
	// Output: true
}

// An interface that connects for guests keeps blocked networks closed.
func ExampleNewDialer() {
	blocked, err := capability.ParseNetworks("private")
	if err != nil {
		panic(err)
	}
	s := &hostapi.Scope{App: "shop", Component: "cart", Blocked: blocked}
	_, err = hostapi.NewDialer(s.Blocked).Dial("tcp", "127.0.0.1:5432")
	fmt.Println(errors.Is(err, capability.ErrBlocked))
	// Output: true
}

// Middleware sees every call of a host function, and may refuse it.
func ExampleRegistry_Wrap() {
	quota := func(s *hostapi.Scope, f hostapi.Function) abi.Around {
		if f.Capability != "geo" {
			return nil // at no cost
		}
		var calls atomic.Int64
		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
			if calls.Add(1) > 1000 {
				return nil, nil, fmt.Errorf("%s has called %s too often: %w", s.Name(), f, hostapi.ErrDenied)
			}
			return ctx, nil, nil
		}
	}
	r := hostapi.NewRegistry(hostapi.Interface{ID: "acme:geo/lookup@1.0.0", Capability: "geo", Bind: clock}).Wrap(quota)
	fmt.Println(r.Versions("acme:geo/lookup"))
	// Output: [1.0.0]
}

func ExampleWrapped() {
	logged := func(s *hostapi.Scope, f hostapi.Function) abi.Around {
		return func(ctx context.Context) (context.Context, func(abi.Outcome), error) {
			return ctx, func(o abi.Outcome) { s.Logger.Info("call", "function", f.String(), "outcome", o) }, nil
		}
	}
	r := hostapi.NewRegistry(hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock})
	if i, ok := r.Lookup("acme:clock/clock@1.0.0"); ok { // this one only
		r = r.With(hostapi.Wrapped(i, logged))
	}
	fmt.Println(len(r.Interfaces()))
	// Output: 1
}

func ExampleErrDenied() {
	err := fmt.Errorf("the trial is over: %w", hostapi.ErrDenied)
	fmt.Println(errors.Is(err, hostapi.ErrDenied))
	// Output: true
}

func ExampleFunction_String() {
	fmt.Println(hostapi.Function{Interface: "acme:geo/lookup@1.0.0", Name: "find", Capability: "geo"})
	// Output: acme:geo/lookup@1.0.0#find
}

// What there is of an interface, and by what sets components are given it.
func ExampleRegistry_Only() {
	r := hostapi.NewRegistry(hostapi.StandIn("geo", "acme:geo/lookup@1.0.0", "acme:geo/lookup@2.0.0", "acme:geo/routes@2.0.0")...)
	r = r.With(hostapi.Interface{ID: "acme:clock/clock@1.0.0", Bind: clock})
	fmt.Println(r.Versions("acme:geo/lookup"), r.Capabilities())
	for _, i := range r.Only(func(i hostapi.Interface) bool { return i.Version() == "2.0.0" }).Interfaces() {
		fmt.Println(i.Name())
	}
	// Output:
	// [1.0.0 2.0.0] [geo]
	// acme:geo/lookup
	// acme:geo/routes
}

// Whether a guest may reach something is asked for each call, as variables in the manifest may have
// other values for each instance.
func ExampleScope_AllowedHosts() {
	hosts, err := capability.ParseHosts(capability.Owner{}, []capability.Entry{{Text: "https://example.com"}})
	if err != nil {
		panic(err)
	}
	s := &hostapi.Scope{Component: "cart", Hosts: hosts}
	call := context.Background() // that of a host function
	for _, url := range []string{"https://example.com/", "https://example.org/"} {
		fmt.Println(s.AllowedHosts(call).CheckURL(url, "https").Allowed())
	}
	// Output:
	// true
	// false
}
