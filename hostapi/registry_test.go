package hostapi_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

func ids(r hostapi.Registry) (list []string) {
	for _, i := range r.Interfaces() {
		list = append(list, i.ID+"="+i.Capability)
	}
	return list
}

func TestRegistryIsAValue(t *testing.T) {
	var zero hostapi.Registry
	if len(zero.Interfaces()) != 0 || len(zero.Without("x").Interfaces()) != 0 {
		t.Error("the zero registry is not empty")
	}
	base := zero.With(hostapi.Interface{ID: "a", Capability: "1"}, hostapi.Interface{ID: "b"}, hostapi.Interface{ID: "a", Capability: "2"})
	first := base.With(hostapi.Interface{ID: "c"})
	second := base.With(hostapi.Interface{ID: "d"}) // must not share room with first
	replaced := base.With(hostapi.Interface{ID: "b", Capability: "3"})
	without := base.Without("a", "never")
	for name, c := range map[string]struct {
		got  hostapi.Registry
		want []string
	}{
		"base": {base, []string{"a=2", "b="}}, "first": {first, []string{"a=2", "b=", "c="}}, "second": {second, []string{"a=2", "b=", "d="}},
		"replaced": {replaced, []string{"a=2", "b=3"}}, "without": {without, []string{"b="}},
	} {
		if got := ids(c.got); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	base.Interfaces()[0].ID = "changed"
	if _, ok := base.Lookup("a"); !ok {
		t.Error("the list that Interfaces returns is the registry's own")
	}
	if _, ok := base.Lookup("c"); ok {
		t.Error("what is in another registry is found")
	}
}

func TestRenamed(t *testing.T) {
	original := &abi.Interface{ID: "p:q/r@1.0.0", Funcs: []abi.Func{{Name: "f", Type: "func(a:own<p:q/r@1.0.0#t>,b:borrow<p:q/s@1.0.0#u>)->own<p:q/x@1.0.01#t>"}}}
	i := hostapi.Renamed(hostapi.Interface{ID: original.ID, Capability: "c", Bind: func(*hostapi.Scope) (*abi.Interface, error) { return original, nil }}, "1.0.0", "2.0.0-rc")
	b, err := i.Bind(nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := "func(a:own<p:q/r@2.0.0-rc#t>,b:borrow<p:q/s@2.0.0-rc#u>)->own<p:q/x@1.0.01#t>"; b.Funcs[0].Type != want || b.ID != "p:q/r@2.0.0-rc" || i.ID != b.ID || i.Capability != "c" {
		t.Errorf("%s %q", b.ID, b.Funcs[0].Type)
	}
	if original.ID != "p:q/r@1.0.0" || original.Funcs[0].Type[:24] != "func(a:own<p:q/r@1.0.0#t" {
		t.Error("the original was changed")
	}
	fault := errors.New("no")
	i = hostapi.Renamed(hostapi.Interface{ID: "a@1", Bind: func(*hostapi.Scope) (*abi.Interface, error) { return nil, fault }}, "1", "2")
	if _, err := i.Bind(nil); err != fault {
		t.Error(err)
	}
	if i = hostapi.Renamed(hostapi.Interface{ID: "a@1"}, "1", "2"); i.Bind != nil || i.ID != "a@2" {
		t.Error("a stand-in becomes something else")
	}
}

// Middleware is asked for each function with the capability set of its interface, the later one
// around the earlier, and leaves what it has nothing to do with as it is.
func TestWrap(t *testing.T) {
	original := &abi.Interface{ID: "p:q/r@1.0.0", Funcs: []abi.Func{
		{Name: "f", Type: "func()", Serve: func(*abi.Call) {}}, {Name: "g", Type: "func()", Serve: func(*abi.Call) {}},
	}}
	fault := errors.New("no")
	base := hostapi.NewRegistry(
		hostapi.Interface{ID: original.ID, Capability: "c", Types: "p:q/t@1.0.0", Bind: func(*hostapi.Scope) (*abi.Interface, error) { return original, nil }},
		hostapi.Interface{ID: "p:q/bad@1.0.0", Bind: func(*hostapi.Scope) (*abi.Interface, error) { return nil, fault }},
		hostapi.StandIn("c", "p:q/s@1.0.0")[0],
	)
	scope := &hostapi.Scope{App: "app", Component: "component"}
	var asked, seen []string
	wrap := func(name string) hostapi.Middleware {
		return func(s *hostapi.Scope, f hostapi.Function) abi.Around {
			asked = append(asked, name+" "+s.Name()+" "+f.Capability+" "+f.String())
			if f.Name == "g" {
				return nil
			}
			return func(context.Context) (context.Context, func(abi.Outcome), error) {
				seen = append(seen, name)
				return nil, func(o abi.Outcome) { seen = append(seen, name+" "+o.String()) }, nil
			}
		}
	}
	r := base.Wrap(wrap("in")).Wrap(wrap("out")).With(hostapi.Interface{ID: "p:q/later@1.0.0", Bind: base.Interfaces()[0].Bind})
	for _, id := range []string{original.ID, "p:q/later@1.0.0"} {
		i, _ := r.Lookup(id)
		b, err := i.Bind(scope)
		if err != nil || len(b.Funcs) != 2 {
			t.Fatal(b, err)
		}
		for _, f := range b.Funcs {
			var c abi.Call
			f.Serve(&c)
		}
	}
	if want := []string{"in component c p:q/r@1.0.0#f", "in component c p:q/r@1.0.0#g", "out component c p:q/r@1.0.0#f", "out component c p:q/r@1.0.0#g"}; !slices.Equal(asked, want) {
		t.Errorf("%q, want %q", asked, want)
	}
	if want := []string{"out", "in", "in returned", "out returned"}; !slices.Equal(seen, want) {
		t.Errorf("%q, want %q", seen, want)
	}
	wrapped, _ := r.Lookup(original.ID)
	bad, _ := r.Lookup("p:q/bad@1.0.0")
	if _, err := bad.Bind(scope); err != fault || wrapped.Types != "p:q/t@1.0.0" || wrapped.Capability != "c" {
		t.Errorf("%v, %+v", err, wrapped)
	}
	if s, _ := r.Lookup("p:q/s@1.0.0"); s.Bind != nil {
		t.Error("a stand-in becomes something else")
	}
	seen = nil
	original.Funcs[0].Serve(nil)
	if seen != nil {
		t.Error("the original was changed")
	}
}
