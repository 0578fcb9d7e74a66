package types_test

import (
	"testing"

	"github.com/spinhost/spin/engine/internal/types"
)

func TestSignatures(t *testing.T) {
	sync := types.SignatureOptions{}
	async := types.SignatureOptions{Async: true}
	callback := types.SignatureOptions{Async: true, Callback: true}
	wide := types.SignatureOptions{Memory64: true}
	for _, tt := range []struct {
		text        string
		opts        types.SignatureOptions
		lift, lower string
	}{
		{"func()", sync, "() -> ()", "() -> ()"},
		{"func(a:u8,b:f64)->u64", sync, "(i32, f64) -> (i64)", "(i32, f64) -> (i64)"},
		{"func(a:string)->string", sync, "(i32, i32) -> (i32)", "(i32, i32, i32) -> ()"},
		{"func(a:list<u8,16>)", sync,
			"(i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) -> ()",
			"(i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32, i32) -> ()"},
		{"func(a:list<u8,17>)->tuple<u8,u8>", sync, "(i32) -> (i32)", "(i32, i32) -> ()"},
		{"func(a:tuple<u8>)->tuple<f32>", sync, "(i32) -> (f32)", "(i32) -> (f32)"},

		{"async func()", callback, "() -> (i32)", "() -> (i32)"},
		{"async func()", async, "() -> ()", "() -> (i32)"},
		{"async func(a:u8)->u8", callback, "(i32) -> (i32)", "(i32, i32) -> (i32)"},
		{"async func(a:list<u64,4>)", callback, "(i64, i64, i64, i64) -> (i32)", "(i64, i64, i64, i64) -> (i32)"},
		{"async func(a:list<u64,5>)->string", callback, "(i64, i64, i64, i64, i64) -> (i32)", "(i32, i32) -> (i32)"},
		{"async func(a:list<u64,17>)", async, "(i32) -> ()", "(i32) -> (i32)"},

		{"func(a:string)->string", wide, "(i64, i64) -> (i64)", "(i64, i64, i64) -> ()"},
		{"func(a:option<string>,b:own<r>)->u8", wide, "(i32, i64, i64, i32) -> (i32)", "(i32, i64, i64, i32) -> (i32)"},
		{"func(a:result<string,f64>)", wide, "(i32, i64, i64) -> ()", "(i32, i64, i64) -> ()"},
	} {
		f, err := new(types.Arena).ParseFunc(tt.text, resolver())
		if err != nil {
			t.Fatal(err)
		}
		if got := f.LiftSignature(tt.opts).String(); got != tt.lift {
			t.Errorf("lift %s %+v: %s, want %s", tt.text, tt.opts, got, tt.lift)
		}
		if got := f.LowerSignature(tt.opts).String(); got != tt.lower {
			t.Errorf("lower %s %+v: %s, want %s", tt.text, tt.opts, got, tt.lower)
		}
	}
}

func TestSignaturesBelongToTheCaller(t *testing.T) {
	f, err := new(types.Arena).ParseFunc("func(a:u8,b:u8)->u8", nil)
	if err != nil {
		t.Fatal(err)
	}
	sig := f.LowerSignature(types.SignatureOptions{})
	sig.Params[0], sig.Results[0] = 0, 0
	if got := f.LiftSignature(types.SignatureOptions{}).String(); got != "(i32, i32) -> (i32)" {
		t.Errorf("a change of one signature changed another: %s", got)
	}
}

func TestSpilledParameters(t *testing.T) {
	f, err := new(types.Arena).ParseFunc("func(a:u8,b:u64,c:string)", nil)
	if err != nil {
		t.Fatal(err)
	}
	if f.ParamSize != 24 || f.ParamAlign != 8 {
		t.Errorf("size %d align %d, want 24 and 8", f.ParamSize, f.ParamAlign)
	}
	for i, want := range []uint32{0, 8, 16} {
		if f.Params[i].Offset != want {
			t.Errorf("parameter %d is at %d, want %d", i, f.Params[i].Offset, want)
		}
	}
}

func TestParametersThatFillTheAddressSpaceAreRefused(t *testing.T) {
	a := &types.Arena{}
	big := val(t, a, "list<u8,268435455>")
	params := make([]types.Param, 17)
	for i := range params {
		params[i].Type = big
	}
	if _, err := a.Func(params, nil, false); err == nil {
		t.Error("parameters of more than 4 GiB were accepted")
	}
}
