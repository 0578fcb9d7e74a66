package validate_test

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/engine/internal/validate"
)

// linking validates the nth component of linking.wast.
func linking(t *testing.T, n int) *binary.Component {
	t.Helper()
	for _, f := range fixtures(t) {
		if f.File != "linking.wast" {
			continue
		}
		if n == 0 {
			c, err := check(f.Wasm, validate.AllFeatures())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		n--
	}
	t.Fatal("no such component")
	return nil
}

// defs returns the definitions of one kind, in order.
func defs[T binary.Def](c *binary.Component) []T {
	var out []T
	for _, d := range c.Defs {
		if d, ok := d.(T); ok {
			out = append(out, d)
		}
	}
	return out
}

func export(t *testing.T, i *types.Instance, path ...string) types.ExternType {
	t.Helper()
	for n, name := range path {
		e, ok := i.Export(name)
		if !ok {
			t.Fatalf("no export %q", name)
		}
		if n == len(path)-1 {
			return e.Type
		}
		i = e.Type.Instance
	}
	return types.ExternType{}
}

// Every imported resource is introduced once, by a pointer of its own, and is
// that pointer wherever it occurs after.
func TestImportedResourcesAreIntroducedOnce(t *testing.T) {
	c := linking(t, 0)
	r := c.Imports[0].Type.Bound.Sub
	if r == nil || c.Imports[1].Type.Bound.Eq != r {
		t.Fatalf("imports are %v and %v", c.Imports[0].Type.Bound, c.Imports[1].Type.Bound)
	}
	if f := c.Imports[2].Type.Func; f.Params[0].Type.Resource != r || f.Params[1].Type.Resource != r {
		t.Errorf("function %s uses other resources", f)
	}
	i, j := c.Imports[3].Type.Instance, c.Imports[4].Type.Instance
	for _, path := range [][]string{{"t"}, {"n", "v"}} {
		a, b := export(t, i, path...).Bound.Sub, export(t, j, path...).Bound.Sub
		if a == nil || b == nil || a == b || a == r {
			t.Errorf("%v: %v and %v", path, a, b)
		}
	}
	it := export(t, i, "t").Bound.Sub
	if it.Name != "i#t" {
		t.Errorf("the resource is named %q", it.Name)
	}
	if u := export(t, i, "u").Bound; u.Eq != it {
		t.Errorf("second name is bound to %v", u)
	}
	if g := export(t, i, "g").Func; g.Params[0].Type.Resource != it {
		t.Errorf("function %s uses another resource", g)
	}
	aliases := defs[*binary.Alias](c)
	if b := aliases[0].Type.Bound; b.Sub != nil || b.Eq != it {
		t.Errorf("the alias introduces %v", b)
	}
	if aliases[1].Type.Func != export(t, i, "g").Func {
		t.Error("the alias has another function type")
	}
	all := defs[*binary.TypeDef](c)
	if v := all[len(all)-1].Type.(*types.Val); v.Elem.Resource != it {
		t.Errorf("type %s uses another resource", v)
	}
}

// The filled types of one component are interned together.
func TestFilledTypesAreInterned(t *testing.T) {
	c := linking(t, 0)
	g := c.Imports[3].Type.Instance.Exports[3].Type.Func
	all := defs[*binary.TypeDef](c)
	v := all[len(all)-1].Type.(*types.Val)
	if g.Params[0].Type != v.Elem {
		t.Error("own<i#t> is two pointers")
	}
}

func TestInstancesHaveResourcesOfTheirOwn(t *testing.T) {
	c := linking(t, 1)
	own := defs[*binary.TypeDef](c)[0].Type.(*types.Resource)
	inner := defs[*binary.ComponentDef](c)[0].Component
	insts := defs[*binary.Instantiate](c)
	a, b := insts[0].Result, insts[1].Result
	r := export(t, a, "r").Bound.Sub
	if r == nil || r == export(t, b, "r").Bound.Sub || r == defs[*binary.TypeDef](inner)[0].Type {
		t.Errorf("resource r is %v in one instance, %v in the other", r, export(t, b, "r").Bound)
	}
	if again := export(t, a, "again").Bound; again.Eq != r {
		t.Errorf("the second export is bound to %v", again)
	}
	if passed := export(t, a, "passed").Bound; passed.Eq != own {
		t.Errorf("what was passed in is bound to %v", passed)
	}
	if hidden := export(t, a, "hidden").Bound.Sub; hidden == nil || hidden == r {
		t.Errorf("what an ascription has made abstract is bound to %v", hidden)
	}
	if arg := insts[0].Args[0].Type; arg.Kind != types.TypeExtern || arg.Bound.Eq != own {
		t.Errorf("argument of type %v", arg)
	}

	// Within, an export names what it exports; from outside, the first one introduces it.
	def := defs[*binary.TypeDef](inner)[0].Type.(*types.Resource)
	ex := inner.Exports
	if ex[0].Type.Bound.Eq != def || ex[1].Type.Bound.Eq != def || ex[3].Type.Bound.Sub == nil || ex[3].Type.Bound.Sub == def {
		t.Errorf("exports are %v, %v, %v", ex[0].Type.Bound, ex[1].Type.Bound, ex[3].Type.Bound)
	}
	if def.Name != "r" {
		t.Errorf("the resource is named %q", def.Name)
	}
	if out, _ := inner.Type.Export("r"); out.Type.Bound.Sub != def {
		t.Errorf("from outside, r is %v", out.Type.Bound)
	}
	if out, _ := inner.Type.Export("again"); out.Type.Bound.Eq != def {
		t.Errorf("from outside, again is %v", out.Type.Bound)
	}
	if out, _ := inner.Type.Export("passed"); out.Type.Bound.Eq != inner.Imports[0].Type.Bound.Sub {
		t.Errorf("from outside, passed is %v", out.Type.Bound)
	}

	// An export is what it exports; with a type ascribed, it has that type's own resources.
	if c.Exports[0].Type.Instance != a {
		t.Error("the exported instance has another type")
	}
	ascribed := c.Exports[1].Type.Instance
	if len(ascribed.Exports) != 1 || export(t, ascribed, "r").Bound.Sub == nil || export(t, ascribed, "r").Bound.Sub == export(t, b, "r").Bound.Sub {
		t.Errorf("the ascribed type exports %v", ascribed.Exports)
	}
}

func TestCanonicalDefinitionsAreFilled(t *testing.T) {
	c := linking(t, 2)
	lower := defs[*binary.Lower](c)[0]
	if lower.Type != c.Imports[0].Type.Func || lower.CoreType.String() != "(i32, i32, i32) -> (i32)" {
		t.Errorf("lowered %s to %s", lower.Type, lower.CoreType)
	}
	lift := defs[*binary.Lift](c)[0]
	if lift.Func.String() != "func(a:s8)->bool" || c.Exports[0].Type.Func != lift.Func {
		t.Errorf("lifted %s, exported %s", lift.Func, c.Exports[0].Type.Func)
	}
	all := defs[*binary.TypeDef](c)
	r := all[1].Type.(*types.Resource) // after the function type of the import
	if dtor := all[1].Expr.(*binary.ResourceExpr).Dtor; dtor == nil || *dtor != 0 {
		t.Errorf("destructor %v", dtor)
	}
	builtins := defs[*binary.Builtin](c)
	if b := builtins[0]; b.Resource != r || b.CoreType.String() != "(i32) -> (i32)" {
		t.Errorf("resource.new of %v: %s", b.Resource, b.CoreType)
	}
	if b := builtins[1]; b.Elem == nil || b.Elem.Resource != r || b.CoreType.String() != "(i32, i32, i32) -> (i32)" {
		t.Errorf("stream.read of %v: %s", b.Elem, b.CoreType)
	}
	if b := builtins[2]; b.Result == nil || b.Result.String() != "list<u8>" || b.CoreType.String() != "(i32, i32) -> ()" {
		t.Errorf("task.return of %v: %s", b.Result, b.CoreType)
	}
	if m := defs[*binary.CoreModule](c)[0]; m.Type == nil || len(m.Type.Exports) != 4 {
		t.Errorf("module type %v", m.Type)
	}
}

// What one arena has interned stays equal to a type read from text.
func TestFilledTypesMatchText(t *testing.T) {
	c := linking(t, 2)
	f, err := new(types.Arena).ParseFunc("async func(a:string)->u64", nil)
	if err != nil {
		t.Fatal(err)
	}
	host := types.ExternType{Kind: types.FuncExtern, Func: f}
	if err := types.Match(c.Imports[0].Type, host, types.Binding{}); err != nil {
		t.Error(err)
	}
	f, err = new(types.Arena).ParseFunc("async func(a:string)->u32", nil)
	if err != nil {
		t.Fatal(err)
	}
	host.Func = f
	if err := types.Match(c.Imports[0].Type, host, types.Binding{}); err == nil || !strings.Contains(err.Error(), "expected u64, found u32") {
		t.Errorf("got %v", err)
	}
}
