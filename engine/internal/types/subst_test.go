package types_test

import (
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
)

func TestSubstReplacesResources(t *testing.T) {
	w := newWorld(t)
	replace := func(r *types.Resource) *types.Resource {
		if r == w.res("r") {
			return w.res("x")
		}
		return r
	}
	for from, to := range map[string]string{
		"u8":                               "u8",
		"own<r>":                           "own<x>",
		"own<s>":                           "own<s>",
		"list<option<borrow<r>>>":          "list<option<borrow<x>>>",
		"record{a:own<r>,b:own<s>}":        "record{a:own<x>,b:own<s>}",
		"variant{a(result<own<r>,u8>),b}":  "variant{a(result<own<x>,u8>),b}",
		"future<tuple<own<r>,list<u8,3>>>": "future<tuple<own<x>,list<u8,3>>>",
		"map<u8,own<r>>":                   "map<u8,own<x>>",
	} {
		v := w.eqVal("", from).Type.Bound.Eq.(*types.Val)
		want := w.eqVal("", to).Type.Bound.Eq.(*types.Val)
		if got := w.a.Subst(v, replace); got != want {
			t.Errorf("%s became %s, want %s (interned)", from, got, to)
		}
		other := &types.Arena{}
		if got := other.Subst(v, replace); got.String() != to || got == want && !got.Kind.Primitive() {
			t.Errorf("in another arena %s became %s", from, got)
		}
	}
	f := w.fn("", "func(a:own<r>)->list<own<s>>").Type.Func
	if got := w.a.SubstFunc(f, replace); got != w.fn("", "func(a:own<x>)->list<own<s>>").Type.Func {
		t.Errorf("%s became %s", f, got)
	}
}

func TestSubstInstance(t *testing.T) {
	w := newWorld(t)
	i := inst("", w.sub("r", "r"), w.sub("s", "s"), w.fn("f", "func(a:own<r>,b:own<s>)"), inst("n", w.eq("r", "r"))).Type.Instance
	got := w.a.SubstInstance(i, func(r *types.Resource) *types.Resource {
		if r == w.res("r") {
			return w.res("x")
		}
		return r
	})
	if b := got.Exports[0].Type.Bound; b.Sub != nil || b.Eq != w.res("x") {
		t.Errorf("a replaced resource is still introduced: %v", b)
	}
	if b := got.Exports[1].Type.Bound; b.Sub != w.res("s") {
		t.Errorf("a resource that was not replaced is no longer introduced: %v", b)
	}
	if f := got.Exports[2].Type.Func; f.String() != "func(a:own<x>,b:own<s>)" {
		t.Errorf("function %s", f)
	}
	if b := got.Exports[3].Type.Instance.Exports[0].Type.Bound; b.Eq != w.res("x") {
		t.Errorf("nested export refers to %v", b)
	}
}

func TestOpenMakesResourcesOfItsOwn(t *testing.T) {
	w := newWorld(t)
	i := inst("", w.sub("r", "r"), w.eq("r2", "r"), inst("n", w.sub("s", "s")), w.fn("f", "func(a:own<r>,b:own<s>)")).Type.Instance
	open := func() *types.Instance {
		return (&types.Subst{Arena: w.a}).Open(i, func(r *types.Resource) *types.Resource { return &types.Resource{Name: r.Name + "'"} })
	}
	one, two := open(), open()
	r := one.Exports[0].Type.Bound.Sub
	if r == nil || r == w.res("r") || r == two.Exports[0].Type.Bound.Sub {
		t.Fatal("no resource of its own")
	}
	if one.Exports[1].Type.Bound.Eq != r {
		t.Error("a second name refers to another resource")
	}
	s := one.Exports[2].Type.Instance.Exports[0].Type.Bound.Sub
	f := one.Exports[3].Type.Func
	if f.Params[0].Type.Resource != r || f.Params[1].Type.Resource != s {
		t.Errorf("function %s refers to other resources", f)
	}
}

// The types within a type stay as they are: what they introduce, they introduce anew in each place.
func TestOpenLeavesNestedTypesAlone(t *testing.T) {
	w := newWorld(t)
	c := comp("c", list(w.sub("r", "r")), list(w.fn("f", "func(a:own<r>,b:own<o>)")))
	i := inst("", w.sub("o", "o"), c).Type.Instance
	got := (&types.Subst{Arena: w.a}).Open(i, func(r *types.Resource) *types.Resource { return &types.Resource{Name: "new"} })
	nested := got.Exports[1].Type.Component
	if nested.Imports[0].Type.Bound.Sub != w.res("r") {
		t.Error("the resource of a component type was opened")
	}
	f := nested.Exports[0].Type.Func
	if f.Params[0].Type.Resource != w.res("r") || f.Params[1].Type.Resource != got.Exports[0].Type.Bound.Sub {
		t.Errorf("function %s", f)
	}
}

func TestInstancesWithoutResourcesAreShared(t *testing.T) {
	w := newWorld(t)
	i := inst("", w.fn("f", "func(a:list<string>)")).Type.Instance
	s := &types.Subst{Arena: w.a}
	if s.Instance(i) != i || s.Open(i, nil) != i {
		t.Error("an instance type was copied for nothing")
	}
	other := &types.Subst{Arena: &types.Arena{}}
	if other.Instance(i) == i {
		t.Error("an instance type of another arena was taken over")
	}
}

func TestSubstIsBounded(t *testing.T) {
	w := newWorld(t)
	i := types.NewInstance(list(w.sub("r", "r")))
	for range 60 {
		e := types.ExternType{Kind: types.InstanceExtern, Instance: i}
		i = types.NewInstance(list(types.Extern{Name: "a", Type: e}, types.Extern{Name: "b", Type: e}))
	}
	steps := types.NewSteps(100_000)
	(&types.Subst{Arena: w.a, Steps: steps}).Open(i, func(r *types.Resource) *types.Resource { return &types.Resource{} })
	if !steps.Exhausted() {
		t.Error("2^60 instance types were opened")
	}
}

func TestFreeResource(t *testing.T) {
	w := newWorld(t)
	free := comp("", list(w.sub("r", "r"), w.fn("f", "func(a:own<r>)")), list(inst("i", w.sub("s", "s")), w.fn("g", "func(a:own<s>,b:own<o>)")))
	bound := comp("", list(w.sub("r", "r"), w.sub("o", "o")), list(w.eq("r2", "r"), inst("i", w.sub("s", "s")), w.fn("g", "func(a:own<s>,b:own<o>)")))
	if got := types.FreeResource(free.Type.Component, nil); got != w.res("o") {
		t.Errorf("free resource %v, want o", got)
	}
	if got := types.FreeResource(bound.Type.Component, nil); got != nil {
		t.Errorf("free resource %v, want none", got)
	}
	if got := types.FreeResource(w.res("r"), nil); got != w.res("r") {
		t.Errorf("a resource refers to itself, got %v", got)
	}
	if got := types.FreeResource(w.eqVal("", "list<u8>").Type.Bound.Eq, nil); got != nil {
		t.Errorf("free resource %v, want none", got)
	}
}

func TestDepth(t *testing.T) {
	w := newWorld(t)
	if d := types.Depth(inst("", inst("", w.fn("f", "func()"))).Type.Instance); d != 2 {
		t.Errorf("depth %d, want 2", d)
	}
	if d := types.Depth(w.a.Primitive(types.U8)); d != 0 {
		t.Errorf("depth %d, want 0", d)
	}
}
