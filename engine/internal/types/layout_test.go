package types_test

import (
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
)

// resolve makes one resource for each name.
func resolver() types.Resolver {
	known := map[string]*types.Resource{}
	return func(name string) (*types.Resource, error) {
		if known[name] == nil {
			known[name] = &types.Resource{Name: name}
		}
		return known[name], nil
	}
}

func val(t testing.TB, a *types.Arena, text string) *types.Val {
	t.Helper()
	v, err := a.ParseVal(text, resolver())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func flat(ts []types.FlatType) string { return fmt.Sprint(ts) }

func TestLayout(t *testing.T) {
	for _, tt := range []struct {
		text        string
		size, align uint32
		flat        string
	}{
		{"bool", 1, 1, "[i32]"},
		{"s8", 1, 1, "[i32]"},
		{"u16", 2, 2, "[i32]"},
		{"s32", 4, 4, "[i32]"},
		{"u64", 8, 8, "[i64]"},
		{"f32", 4, 4, "[f32]"},
		{"f64", 8, 8, "[f64]"},
		{"char", 4, 4, "[i32]"},
		{"string", 8, 4, "[i32 i32]"},
		{"error-context", 4, 4, "[i32]"},
		{"list<u64>", 8, 4, "[i32 i32]"},
		{"list<u16,3>", 6, 2, "[i32 i32 i32]"},
		{"map<string,u64>", 8, 4, "[i32 i32]"},
		{"tuple<u8,u32,u8>", 12, 4, "[i32 i32 i32]"},
		{"tuple<u8,u64>", 16, 8, "[i32 i64]"},
		{"record{a:u8,b:u16,c:u8}", 6, 2, "[i32 i32 i32]"},
		{"flags{a}", 1, 1, "[i32]"},
		{"flags{a,b,c,d,e,f,g,h}", 1, 1, "[i32]"},
		{"flags{a,b,c,d,e,f,g,h,i}", 2, 2, "[i32]"},
		{"flags{a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q}", 4, 4, "[i32]"},
		{"enum{a,b}", 1, 1, "[i32]"},
		{"option<u8>", 2, 1, "[i32 i32]"},
		{"option<u64>", 16, 8, "[i32 i64]"},
		{"result", 1, 1, "[i32]"},
		{"result<u32>", 8, 4, "[i32 i32]"},
		{"result<_,string>", 12, 4, "[i32 i32 i32]"},
		{"result<f32,u32>", 8, 4, "[i32 i32]"},
		{"result<f32,u64>", 16, 8, "[i32 i64]"},
		{"result<f64,f32>", 16, 8, "[i32 i64]"},
		{"variant{a(f32),b(tuple<u32,f64>)}", 24, 8, "[i32 i32 f64]"},
		{"own<r>", 4, 4, "[i32]"},
		{"borrow<r>", 4, 4, "[i32]"},
		{"stream<u64>", 4, 4, "[i32]"},
		{"future", 4, 4, "[i32]"},
	} {
		v := val(t, &types.Arena{}, tt.text)
		if v.Size != tt.size || v.Align != tt.align {
			t.Errorf("%s: size %d align %d, want %d and %d", tt.text, v.Size, v.Align, tt.size, tt.align)
		}
		if got := flat(v.Flat); got != tt.flat || v.FlatCount != len(v.Flat) {
			t.Errorf("%s: flat %s (%d), want %s", tt.text, got, v.FlatCount, tt.flat)
		}
	}
}

func TestOffsets(t *testing.T) {
	a := &types.Arena{}
	v := val(t, a, "record{a:u8,b:u64,c:u16,d:u32}")
	for i, want := range []uint32{0, 8, 16, 20} {
		if got := v.Fields[i].Offset; got != want {
			t.Errorf("field %d is at %d, want %d", i, got, want)
		}
	}
	v = val(t, a, "result<u16,u64>")
	if v.DiscSize != 1 || v.PayloadOffset != 8 {
		t.Errorf("discriminant %d bytes, payload at %d, want 1 and 8", v.DiscSize, v.PayloadOffset)
	}
}

func TestDiscriminantSize(t *testing.T) {
	for n, want := range map[int]uint32{1: 1, 256: 1, 257: 2, 65536: 2, 65537: 4} {
		labels := make([]string, n)
		for i := range labels {
			labels[i] = fmt.Sprint("c", i)
		}
		v, err := new(types.Arena).Enum(labels)
		if err != nil {
			t.Fatal(err)
		}
		if v.DiscSize != want || v.Size != want || v.Align != want {
			t.Errorf("enum of %d cases has %d bytes, want %d", n, v.Size, want)
		}
	}
}

func TestFlatCountSaturates(t *testing.T) {
	a := &types.Arena{}
	for _, tt := range []struct {
		text  string
		count int
	}{
		{"list<u8,16>", 16},
		{"list<u8,17>", 17},
		{"list<u8,268435455>", 17},
		{"list<string,8>", 16},
		{"option<list<u8,15>>", 16},
		{"option<list<u8,16>>", 17},
		{"tuple<list<u8,200>,list<u8,200>>", 17},
	} {
		v := val(t, a, tt.text)
		if v.FlatCount != tt.count || (v.Flat == nil) != (tt.count > types.MaxFlat) {
			t.Errorf("%s: %d flat types, want %d", tt.text, v.FlatCount, tt.count)
		}
	}
}

func TestPredicates(t *testing.T) {
	type facts struct{ borrow, handle, pointer, copyable, number bool }
	for text, want := range map[string]facts{
		"u8":                             {copyable: true, number: true},
		"f64":                            {copyable: true, number: true},
		"bool":                           {},
		"char":                           {},
		"flags{a}":                       {},
		"enum{a}":                        {},
		"string":                         {pointer: true},
		"list<u8>":                       {pointer: true},
		"map<u8,u8>":                     {pointer: true},
		"tuple<u8,u8>":                   {copyable: true},
		"tuple<u32,f32>":                 {copyable: true},
		"tuple<u8,u32>":                  {},
		"tuple<u8,bool>":                 {},
		"list<tuple<u16,s16>,4>":         {copyable: true},
		"own<r>":                         {handle: true},
		"option<borrow<r>>":              {borrow: true, handle: true},
		"record{a:list<borrow<r>>}":      {borrow: true, handle: true, pointer: true},
		"stream<string>":                 {handle: true},
		"tuple<stream<string>,list<u8>>": {handle: true, pointer: true},
		"error-context":                  {handle: true},
	} {
		v := val(t, &types.Arena{}, text)
		got := facts{v.HasBorrow, v.HasHandle, v.HasPointer, v.Copyable, v.IsNumber}
		if got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
}
