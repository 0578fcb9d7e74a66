package adapter

import (
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

func parse(t *testing.T, text string) *types.Func {
	t.Helper()
	var a types.Arena
	ft, err := a.ParseFunc(text, func(name string) (*types.Resource, error) { return &types.Resource{Name: name}, nil })
	if err != nil {
		t.Fatal(text, err)
	}
	return ft
}

func TestSupported(t *testing.T) {
	many := "tuple<" + strings.Repeat("u8,", 500) + "u8>"
	for text, want := range map[string]bool{
		"func()": true,
		"func(a:u32,b:string)->list<option<string>>":         true,
		"func(a:enum{a,b,c})":                                true,
		"func(a:list<u8>)->result<tuple<char,flags{x}>,f64>": true,
		"async func(a:u32)":                                  false,
		"func(a:own<test:a/b#r>)":                            false,
		"func(a:list<borrow<test:a/b#r>>)":                   false,
		"func()->variant{a(option<own<test:a/b#r>>)}":        false,
		"func(a:stream<u8>)":                                 false,
		"func()->future":                                     false,
		"func(a:" + many + ")":                               false,
		"func(a:" + strings.Repeat("list<", 40) + "u8" + strings.Repeat(">", 40) + ")": true,
	} {
		if got := Supported(parse(t, text)); got != want {
			t.Errorf("%.60s: %v", text, got)
		}
	}
}

// A call lacks what its type takes only if nobody has validated the component.
func TestComplete(t *testing.T) {
	full := Side{Memory: 0, Realloc: 0}
	bare := Side{Memory: None, Realloc: None}
	for text, want := range map[string][3]bool{ // with all, caller without, callee without
		"func(a:u32)->u32":      {true, true, true},
		"func(a:string)":        {true, false, false},
		"func()->string":        {true, false, false},
		"func()->tuple<u8,u8>":  {true, false, false},
		"func()->option<char>":  {true, false, false},
		"func(a:option<char>)":  {true, true, true},
		"func(a:list<u8>)->u64": {true, false, false},
	} {
		c := Call{Type: parse(t, text)}
		for i, sides := range [3][2]Side{{full, full}, {bare, full}, {full, bare}} {
			c.Caller, c.Callee = sides[0], sides[1]
			if c.Complete() != want[i] {
				t.Errorf("%s: case %d: %v", text, i, !want[i])
			}
		}
	}
}

func TestBuild(t *testing.T) {
	side := func(i int32) Side { return Side{Instance: i, Memory: i, Realloc: 10 + i} }
	calls := []Call{
		{Name: "a", Type: parse(t, "func(s:string)->list<string>"), Caller: side(1), Callee: side(2), Enters: []int32{2}, Core: 20, PostReturn: 21, Plan: 1, Fault: 100},
		{Name: "b", Type: parse(t, "func(x:u64)->u64"), Caller: side(1), Callee: side(2), Enters: []int32{2}, Core: 22, PostReturn: None, Plan: 2, Fault: 101},
		{Name: "c", Type: parse(t, "func(s:string)->f32"), Caller: side(3), Callee: side(1), Enters: []int32{1}, Core: 23, PostReturn: None, Plan: 3, Fault: 102},
	}
	calls[2].Caller.Context = true
	m := Build(calls)
	info, err := corewasm.Parse(m.Wasm)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Imports) != len(m.Imports) {
		t.Fatalf("%d imports, %d told", len(info.Imports), len(m.Imports))
	}
	seen := map[Import]bool{}
	for i, x := range m.Imports {
		if seen[x] {
			t.Errorf("%+v is imported twice", x)
		}
		seen[x] = true
		want := corewasm.Func
		if x.Kind == Memory || x.Kind == Control {
			want = corewasm.Memory
		}
		if got := info.Imports[i].Type.Kind; got != want {
			t.Errorf("%+v is imported as a %s", x, got)
		}
	}
	for _, want := range []Import{{Kind: Control}, {Memory, 1}, {Memory, 2}, {Memory, 3}, {CoreFunc, 20}, {CoreFunc, 21}, {Trampoline, 1}, {Trampoline, 102}, {Kind: SaveContext}} {
		if !seen[want] {
			t.Errorf("%+v is not imported", want)
		}
	}
	for i := range calls {
		e, ok := info.Export(ExportName(i))
		if !ok || !e.Type.Func.Equal(calls[i].Type.LowerSignature(types.SignatureOptions{})) {
			t.Errorf("export %d: %+v", i, e)
		}
		if got, want := info.FuncName(e.Index), "call of "+calls[i].Name; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if err := corewasm.Resettable(m.Wasm, info); err != nil {
		t.Error(err)
	}
}

func TestControlModule(t *testing.T) {
	info, err := corewasm.Parse(ControlModule())
	if err != nil {
		t.Fatal(err)
	}
	e, ok := info.Export(ControlExport)
	if n, _ := e.Type.Memory.MinBytes(); !ok || n < MaxInstances*FlagBytes || !e.Type.Memory.HasMax || e.Type.Memory.Max != e.Type.Memory.Min {
		t.Errorf("%+v", e)
	}
}
