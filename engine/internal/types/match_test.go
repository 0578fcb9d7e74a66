package types_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// world makes externs over one arena.
type world struct {
	t *testing.T
	a *types.Arena
	r map[string]*types.Resource
}

func newWorld(t *testing.T) *world {
	return &world{t, &types.Arena{}, map[string]*types.Resource{}}
}

func (w *world) res(name string) *types.Resource {
	if w.r[name] == nil {
		w.r[name] = &types.Resource{Name: name}
	}
	return w.r[name]
}

func (w *world) resolve(name string) (*types.Resource, error) { return w.res(name), nil }

func (w *world) fn(name, text string) types.Extern {
	w.t.Helper()
	f, err := w.a.ParseFunc(text, w.resolve)
	if err != nil {
		w.t.Fatal(err)
	}
	return types.Extern{Name: name, Type: types.ExternType{Kind: types.FuncExtern, Func: f}}
}

func (w *world) sub(name, resource string) types.Extern {
	return types.Extern{Name: name, Type: types.SubType(w.res(resource))}
}

func (w *world) eq(name, resource string) types.Extern {
	return types.Extern{Name: name, Type: types.EqType(w.res(resource))}
}

func (w *world) eqVal(name, text string) types.Extern {
	w.t.Helper()
	v, err := w.a.ParseVal(text, w.resolve)
	if err != nil {
		w.t.Fatal(err)
	}
	return types.Extern{Name: name, Type: types.EqType(v)}
}

func inst(name string, es ...types.Extern) types.Extern {
	return types.Extern{Name: name, Type: types.ExternType{Kind: types.InstanceExtern, Instance: types.NewInstance(es)}}
}

func comp(name string, imports, exports []types.Extern) types.Extern {
	return types.Extern{Name: name, Type: types.ExternType{
		Kind: types.ComponentExtern, Component: types.NewComponent(imports, exports)}}
}

func list(es ...types.Extern) []types.Extern { return es }

func TestMatch(t *testing.T) {
	// The two sides come from different arenas; resources of the supplied side are concrete.
	req, sup := newWorld(t), newWorld(t)
	for _, tt := range []struct {
		name     string
		req, sup types.Extern
		want     string // part of the error, "" for a match
	}{
		{"equal functions", req.fn("", "func(a:list<u8>)->result<u8,string>"), sup.fn("", "func(a:list<u8>)->result<u8,string>"), ""},
		{"another parameter type", req.fn("", "func(a:string)"), sup.fn("", "func(a:u32)"), `parameter "a": expected string, found u32`},
		{"another parameter name", req.fn("", "func(a:u8)"), sup.fn("", "func(b:u8)"), `expected parameter 1 to be named "a"`},
		{"fewer parameters", req.fn("", "func(a:u8)"), sup.fn("", "func()"), "expected 1 parameters, found 0"},
		{"no result", req.fn("", "func()->u8"), sup.fn("", "func()"), "expected a result of type u8"},
		{"an unwanted result", req.fn("", "func()"), sup.fn("", "func()->u8"), "expected none, found u8"},
		{"not async", req.fn("", "async func()"), sup.fn("", "func()"), "expected an async function"},
		{"async", req.fn("", "func()"), sup.fn("", "async func()"), "found an async one"},
		{"deep", req.fn("", "func(a:option<record{x:tuple<u8,enum{p,q}>}>)"), sup.fn("", "func(a:option<record{x:tuple<u8,enum{p,r}>}>)"),
			`parameter "a": option case "some": record field "x": tuple field 1: expected case 2 to be named "q", found "r"`},
		{"list length", req.fn("", "func(a:list<u8,2>)"), sup.fn("", "func(a:list<u8,3>)"), "expected a list of length 2"},
		{"list and fixed list", req.fn("", "func(a:list<u8>)"), sup.fn("", "func(a:list<u8,3>)"), "expected list<u8>, found list<u8,3>"},
		{"map and list", req.fn("", "func(a:map<u8,u8>)"), sup.fn("", "func(a:list<tuple<u8,u8>>)"), "expected map<u8,u8>"},
		{"map value", req.fn("", "func(a:map<u8,u8>)"), sup.fn("", "func(a:map<u8,u16>)"), "element of map: tuple field 1: expected u8"},
		{"stream element", req.fn("", "func(a:stream<u8>)"), sup.fn("", "func(a:stream)"), "element of stream: expected an element of type u8"},
		{"flags", req.fn("", "func(a:flags{a,b})"), sup.fn("", "func(a:flags{a})"), "expected 2 flags, found 1"},
		{"payload", req.fn("", "func(a:variant{a(u8)})"), sup.fn("", "func(a:variant{a})"), `variant case "a": expected a payload`},
		{"own and borrow", req.fn("", "func(a:own<r>)"), sup.fn("", "func(a:borrow<r>)"), "expected own<r>, found borrow<r>"},
		{"kinds", req.fn("", "func()"), inst(""), "expected function, found instance"},

		{"more exports", inst("", req.fn("f", "func()")), inst("", sup.fn("g", "func()"), sup.fn("f", "func()")), ""},
		{"missing export", inst("", req.fn("f", "func()")), inst(""), `export "f" is missing`},
		{"path", inst("", inst("i", req.fn("f", "func(a:u8)"))), inst("", inst("i", sup.fn("f", "func(a:u16)"))),
			`export "f" of export "i": parameter "a": expected u8, found u16`},

		{"type", req.eqVal("", "record{a:u8}"), sup.eqVal("", "record{a:u8}"), ""},
		{"another type", req.eqVal("", "record{a:u8}"), sup.eqVal("", "record{a:u16}"), "expected u8, found u16"},
		{"no resource", req.sub("", "r"), sup.eqVal("", "u8"), "expected a resource, found u8"},
		{"a resource", req.eqVal("", "u8"), sup.eq("", "r"), "expected u8, found resource r"},
	} {
		err := types.Match(tt.req.Type, tt.sup.Type, types.Binding{})
		var e *types.MatchError
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (!errors.As(err, &e) || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestMatchBindsResources(t *testing.T) {
	req, sup := newWorld(t), newWorld(t)
	want := inst("", req.sub("r", "r"), req.eq("r2", "r"), req.sub("s", "s"), req.fn("f", "func(a:borrow<r>,b:option<own<s>>)"))
	given := inst("", sup.eq("r", "x"), sup.eq("r2", "x"), sup.eq("s", "y"), sup.fn("f", "func(a:borrow<x>,b:option<own<y>>)"))
	b := types.Binding{}
	if err := types.Match(want.Type, given.Type, b); err != nil {
		t.Fatal(err)
	}
	if b[req.res("r")] != sup.res("x") || b[req.res("s")] != sup.res("y") {
		t.Errorf("bound to %v", b)
	}
	for name, wrong := range map[string]types.Extern{
		"eq":     inst("", sup.eq("r", "x"), sup.eq("r2", "y"), sup.eq("s", "y"), sup.fn("f", "func(a:borrow<x>,b:option<own<y>>)")),
		"handle": inst("", sup.eq("r", "x"), sup.eq("r2", "x"), sup.eq("s", "y"), sup.fn("f", "func(a:borrow<y>,b:option<own<y>>)")),
		"nested": inst("", sup.eq("r", "x"), sup.eq("r2", "x"), sup.eq("s", "y"), sup.fn("f", "func(a:borrow<x>,b:option<own<x>>)")),
	} {
		err := types.Match(want.Type, wrong.Type, types.Binding{})
		if err == nil || !strings.Contains(err.Error(), "resource types are not the same") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was bound by one Match holds in the next: the imports of a component are
// matched one after the other.
func TestBindingLastsAcrossMatches(t *testing.T) {
	req, sup := newWorld(t), newWorld(t)
	b := types.Binding{}
	if err := types.Match(req.sub("", "r").Type, sup.eq("", "x").Type, b); err != nil {
		t.Fatal(err)
	}
	if err := types.Match(req.fn("", "func(a:own<r>)").Type, sup.fn("", "func(a:own<x>)").Type, b); err != nil {
		t.Error(err)
	}
	if err := types.Match(req.fn("", "func(a:own<r>)").Type, sup.fn("", "func(a:own<y>)").Type, b); err == nil {
		t.Error("a handle of another resource was accepted")
	}
}

func TestMatchComponents(t *testing.T) {
	req, sup := newWorld(t), newWorld(t)
	f := func(w *world) types.Extern { return w.fn("f", "func(a:own<r>)") }
	for _, tt := range []struct {
		name     string
		req, sup types.Extern
		want     string
	}{
		{"fewer imports, more exports",
			comp("", list(req.fn("a", "func()"), req.fn("b", "func()")), list(req.fn("x", "func()"))),
			comp("", list(sup.fn("b", "func()")), list(sup.fn("y", "func()"), sup.fn("x", "func()"))), ""},
		{"an import nobody gives",
			comp("", nil, nil), comp("", list(sup.fn("a", "func()")), nil), `imports "a", which would not be there`},
		{"imports are contravariant",
			comp("", list(inst("i", req.fn("a", "func()"), req.fn("b", "func()"))), nil),
			comp("", list(inst("i", sup.fn("a", "func()"))), nil), ""},
		{"imports are not covariant",
			comp("", list(inst("i")), nil), comp("", list(inst("i", sup.fn("a", "func()"))), nil), `import "i": export "a" is missing`},
		{"an imported resource in imports and exports",
			comp("", list(req.sub("r", "r"), f(req)), list(req.fn("g", "func()->own<r>"))),
			comp("", list(sup.sub("r", "r"), f(sup)), list(sup.fn("g", "func()->own<r>"))), ""},
		{"an exported resource",
			comp("", nil, list(req.sub("r", "r"), req.fn("g", "func()->own<r>"))),
			comp("", nil, list(sup.sub("r", "r"), sup.fn("g", "func()->own<r>"))), ""},
		{"another exported resource",
			comp("", nil, list(req.sub("r", "r"), req.sub("s", "s"), req.fn("g", "func()->own<r>"))),
			comp("", nil, list(sup.sub("r", "r"), sup.sub("s", "s"), sup.fn("g", "func()->own<s>"))), "resource types are not the same"},
		{"an export that must be the import",
			comp("", list(req.sub("r", "r")), list(req.eq("s", "r"))),
			comp("", list(sup.sub("r", "r")), list(sup.sub("s", "s"))), "resource types are not the same"},
		{"an export that may be the import",
			comp("", list(req.sub("r", "r")), list(req.sub("s", "s"))),
			comp("", list(sup.sub("r", "r")), list(sup.eq("s", "r"))), ""},
	} {
		err := types.Match(tt.req.Type, tt.sup.Type, types.Binding{})
		switch {
		case tt.want == "" && err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
		// Every component type matches itself, although both sides introduce the same pointers.
		for _, c := range []types.Extern{tt.req, tt.sup} {
			if err := types.Match(c.Type, c.Type, types.Binding{}); err != nil {
				t.Errorf("%s: a type does not match itself: %v", tt.name, err)
			}
		}
	}
}

// A component type that occurs twice introduces its resources anew each time.
func TestComponentTypeOccursTwice(t *testing.T) {
	w := newWorld(t)
	c := comp("a", list(w.sub("r", "r"), w.fn("f", "func(a:own<r>)")), list(w.sub("s", "s")))
	d := c
	d.Name = "b"
	want := inst("", c, d)
	v := newWorld(t)
	given := inst("",
		comp("a", list(v.sub("r", "r1"), v.fn("f", "func(a:own<r1>)")), list(v.sub("s", "s1"))),
		comp("b", list(v.sub("r", "r2"), v.fn("f", "func(a:own<r2>)")), list(v.sub("s", "s2"))))
	if err := types.Match(want.Type, given.Type, types.Binding{}); err != nil {
		t.Error(err)
	}
}

// Types nested in each other's imports exchange the sides again and again.
func TestNestedComponentTypes(t *testing.T) {
	build := func(w *world, exported string) types.Extern {
		inner := comp("c", list(w.sub("r", "ir"), w.fn("f", "func(a:own<ir>)")), list(w.sub("x", "ix"), w.fn("g", exported)))
		middle := comp("c", list(w.sub("r", "mr"), inner), list(w.fn("h", "func()->own<mr>")))
		return comp("c", list(w.sub("r", "or"), middle), list(w.fn("k", "func()->own<or>")))
	}
	req, same, other := newWorld(t), newWorld(t), newWorld(t)
	want := build(req, "func()->own<ix>")
	if err := types.Match(want.Type, build(same, "func()->own<ix>").Type, types.Binding{}); err != nil {
		t.Error(err)
	}
	err := types.Match(want.Type, build(other, "func()->own<ir>").Type, types.Binding{})
	if err == nil || !strings.Contains(err.Error(), "resource types are not the same") {
		t.Errorf("got %v", err)
	}
}

func TestEqualInstanceTypes(t *testing.T) {
	w := newWorld(t)
	eq := func(e types.Extern) types.ExternType { return types.EqType(e.Type.Instance) }
	one := inst("", w.sub("r", "r"), w.fn("f", "func(a:own<r>)"))
	two := inst("", w.sub("r", "q"), w.fn("f", "func(a:own<q>)"))
	more := inst("", w.sub("r", "p"), w.fn("f", "func(a:own<p>)"), w.fn("g", "func()"))
	if err := types.Match(eq(one), eq(two), types.Binding{}); err != nil {
		t.Error(err)
	}
	if err := types.Match(eq(one), eq(more), types.Binding{}); err == nil {
		t.Error("an instance type with more exports is not equal")
	}
	if err := types.Match(eq(more), eq(one), types.Binding{}); err == nil {
		t.Error("an instance type with fewer exports is not equal")
	}
}

func TestMatchModules(t *testing.T) {
	mem := func(min uint64) corewasm.ExternType {
		return corewasm.ExternType{Kind: corewasm.Memory, Memory: corewasm.Limits{Min: min, PageSizeLog2: 16}}
	}
	module := func(imports []corewasm.Import, exports ...corewasm.Export) types.ExternType {
		return types.ExternType{Kind: types.ModuleExtern, Module: types.NewModule(imports, exports)}
	}
	imp := func(n uint64) []corewasm.Import { return []corewasm.Import{{Module: "m", Name: "n", Type: mem(n)}} }
	for _, tt := range []struct {
		name     string
		req, sup types.ExternType
		want     string
	}{
		{"imports less", module(imp(1)), module(nil), ""},
		{"exports more", module(nil), module(nil, corewasm.Export{Name: "x", Type: mem(1)}), ""},
		{"imports a smaller memory", module(imp(2)), module(imp(1)), ""},
		{"imports a larger memory", module(imp(1)), module(imp(2)), `core import "m:n"`},
		{"imports more", module(nil), module(imp(1)), `imports "n" from "m"`},
		{"exports less", module(nil, corewasm.Export{Name: "x", Type: mem(1)}), module(nil), `core export "x" is missing`},
		{"exports a smaller memory", module(nil, corewasm.Export{Name: "x", Type: mem(2)}),
			module(nil, corewasm.Export{Name: "x", Type: mem(1)}), `core export "x": expected memory 2, found memory 1`},
	} {
		err := types.Match(tt.req, tt.sup, types.Binding{})
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
}

// Each instance type exports the one before twice, so that comparing two such
// towers from different arenas would take 2^60 steps.
func TestMatchIsBounded(t *testing.T) {
	tower := func() types.ExternType {
		w := newWorld(t)
		i := types.NewInstance(list(w.fn("f", "func()")))
		for range 60 {
			e := types.ExternType{Kind: types.InstanceExtern, Instance: i}
			i = types.NewInstance(list(types.Extern{Name: "a", Type: e}, types.Extern{Name: "b", Type: e}))
		}
		return types.ExternType{Kind: types.InstanceExtern, Instance: i}
	}
	err := types.MatchSteps(tower(), tower(), types.Binding{}, types.NewSteps(100_000))
	if !errors.Is(err, types.ErrTooComplex) {
		t.Errorf("got %v", err)
	}
}
