package wasmtime

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/corewasm"
)

func TestPrelinkChecks(t *testing.T) {
	e := newEngine(t, Config{})
	twice := `(module (import "a" "b" (func (param i32) (result i32))) (import "a" "b" (func (param i32) (result i32))))`
	echo := HostFunc{Type: unary, Op: opEcho}
	wide := corewasm.FuncType{Params: make([]corewasm.ValType, 19)}
	for i := range wide.Params {
		wide.Params[i] = i32
	}
	for name, c := range map[string]struct {
		text string
		hs   []HostFunc
		ok   bool
	}{
		"none":          {`(module)`, nil, true},
		"same twice":    {twice, []HostFunc{echo, echo}, true},
		"two under one": {twice, []HostFunc{echo, {Type: unary, Op: opAct}}, false},
		"too few":       {twice, []HostFunc{echo}, false},
		"wrong type":    {twice, []HostFunc{{Type: binaryOp}, echo}, false},
		"memory":        {`(module (import "a" "b" (memory 1)))`, []HostFunc{echo}, false},
		"references":    {`(module (import "a" "b" (func (param externref))))`, []HostFunc{{Type: corewasm.FuncType{Params: []corewasm.ValType{corewasm.ExternRef}}}}, false},
		"many values":   {`(module (import "a" "b" (func ` + strings.Repeat("(param i32)", 19) + `)))`, []HostFunc{{Type: wide}}, false},
		"context slot":  {`(module (import "a" "b" (func (result i32))))`, []HostFunc{{Type: getter, Op: 2, Kind: ContextGet}}, false},
		"context type":  {`(module (import "a" "b" (func (param i32))))`, []HostFunc{{Type: setter, Kind: ContextGet}}, false},
		"context":       {`(module (import "a" "b" (func (param i32))))`, []HostFunc{{Type: setter, Op: 1, Kind: ContextSet}}, true},
		"unknown kind":  {`(module (import "a" "b" (func (param i32))))`, []HostFunc{{Type: setter, Kind: 9}}, false},
		"every number":  {`(module (import "a" "b" (func (param i32 i64 f32 f64 v128) (result v128))))`, []HostFunc{{Type: corewasm.FuncType{Params: []corewasm.ValType{i32, corewasm.I64, corewasm.F32, corewasm.F64, corewasm.V128}, Results: []corewasm.ValType{corewasm.V128}}}}, true},
		"weird names":   {`(module (import "\00é" "" (func (param i32) (result i32))))`, []HostFunc{echo}, true},
	} {
		m := compile(t, e, c.text)
		p, err := e.Prelink(m, c.hs)
		if (err == nil) != c.ok {
			t.Error(name, err)
		}
		if err == nil {
			s := newStore(t, e, &fake{}, StoreConfig{})
			if _, err := s.Instantiate(p); err != nil {
				t.Error(name, err)
			}
			p.Close()
		}
	}
	e2 := newEngine(t, Config{})
	if _, err := e2.Prelink(compile(t, e, `(module)`), nil); !errors.Is(err, ErrForeign) {
		t.Error(err)
	}
}

func TestCompileChecks(t *testing.T) {
	e := newEngine(t, Config{MaxCode: 1000, MaxFunctions: 20, Memory64: true})
	for name, c := range map[string]struct{ text, want string }{
		"code":      {`(module (func ` + strings.Repeat("(drop (i64.const 0x7fffffffffffffff))", 100) + `))`, "bytes of code"},
		"functions": {`(module ` + strings.Repeat("(func)", 21) + `)`, "21 functions"},
		"table":     {`(module (table 10000001 funcref))`, "table of 10000001"},
		"table64":   {`(module (table i64 0xffffffffffff funcref))`, "elements"},
		"invalid":   {`(module (func (result i32)))`, "nothing on stack"},
	} {
		_, err := e.Compile(context.Background(), Source{Wasm: wat(t, c.text)})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Error(name, err)
		}
	}
	if _, err := e.Compile(context.Background(), Source{Wasm: []byte("\x00asm\x0d\x00\x01\x00")}); err == nil || !strings.Contains(err.Error(), "component") {
		t.Error(err)
	}
	var ce *corewasm.Error
	if _, err := e.Compile(context.Background(), Source{Wasm: nil}); !errors.As(err, &ce) {
		t.Error(err)
	}
}
