package corewasm

import (
	"errors"
	"strings"
	"testing"
)

// codeModule has one function with the given type, locals and instructions.
func codeModule(typ, locals []byte, code ...any) []byte {
	body := cat(locals, cat(code...), 0x0b)
	return module(section(1, 2, typ, 0x60, 0, 0), section(3, 1, 0), section(10, 1, uint32(len(body)), body))
}

var (
	noType   = []byte{0x60, 0, 0}
	noLocals = []byte{0}
)

func TestMeasureCode(t *testing.T) {
	loops := []byte{}
	for range 16 {
		loops = append(loops, 0x03, 0x40, 0x0b)
	}
	for name, c := range map[string]struct {
		wasm           []byte
		total, targets uint64
	}{
		"nothing":                  {module(), 0, 0},
		"straight code":            {codeModule(noType, noLocals, 0x41, 1, 0x1a), 0, 0},
		"a branch":                 {codeModule(noType, []byte{1, 7, 0x7f}, 0x0c, 0), 7, 0},
		"groups of locals":         {codeModule(noType, []byte{2, 7, 0x7f, 3, 0x7e}, 0x0c, 0), 10, 0},
		"parameters and results":   {codeModule([]byte{0x60, 2, 0x7f, 0x7f, 1, 0x7f}, noLocals, 0x00, 0x0c, 0), 3, 0},
		"blocks and an if":         {codeModule(noType, []byte{1, 1, 0x7f}, 0x02, 0x40, 0x41, 0, 0x04, 0x40, 0x0b, 0x0b), 2, 0},
		"a block with a type":      {codeModule([]byte{0x60, 2, 0x7f, 0x7f, 1, 0x7f}, noLocals, 0x00, 0x02, 0, 0x0b), 2 + 3, 0},
		"a table of branches":      {codeModule(noType, []byte{1, 5, 0x7f}, 0x41, 0, 0x0e, 3, 0, 0, 0, 0), 15, 3},
		"sixteen loops":            {codeModule(noType, []byte{1, 1, 0x7f}, loops), 16*(1+2) + 16, 0},
		"a branch in two loops":    {codeModule(noType, []byte{1, 1, 0x7f}, 0x03, 0x40, 0x03, 0x40, 0x0c, 0, 0x0b, 0x0b, 0x0c, 0), 4 + 1 + 2 + 2, 0},
		"try_table":                {codeModule(noType, []byte{1, 1, 0x7f}, 0x1f, 0x40, 2, 0, 9, 0, 2, 0, 0x0b), 1, 0},
		"garbage collection":       {codeModule(noType, []byte{1, 1, 0x7f}, 0xfb, 24, 3, 0, 0x6e, 0x6c, 0xfb, 0, 1, 0xfb, 8, 1, 2, 0xfb, 15, 0xfb, 20, 0x6c), 1, 0},
		"atomics":                  {codeModule(noType, []byte{1, 1, 0x7f}, 0xfe, 3, 0, 0xfe, 0x10, 2, 0, 0x0c, 0), 1, 0},
		"instructions on tables":   {codeModule(noType, []byte{1, 1, 0x7f}, 0x26, 0, 0xfc, 12, 0, 0, 0xfc, 13, 0, 0xfc, 16, 0, 0x0c, 0), 1, 0},
		"a call with few values":   {codeModule(noType, noLocals, 0x10, 0), 0, 0},
		"a call with many":         {codeModule(append(append([]byte{0x60, 30}, strings.Repeat("\x7f", 30)...), 0), noLocals, 0x00, 0x10, 0), 80, 0},
		"an indirect call":         {codeModule(append(append([]byte{0x60, 30}, strings.Repeat("\x7f", 30)...), 0), noLocals, 0x00, 0x11, 0, 0), 80, 0},
		"a call of no function":    {codeModule(noType, noLocals, 0x10, 200, 1), 0, 0},
		"a call of a missing type": {codeModule(noType, noLocals, 0x11, 9, 0), 0, 0},
	} {
		m, err := Parse(c.wasm)
		if err != nil {
			t.Fatal(name, err)
		}
		got, err := MeasureCode(c.wasm, m)
		if err != nil || got.Total != c.total || got.Max != c.total || got.BranchTargets != c.targets {
			t.Errorf("%s: %+v %v, want %d, %d branches", name, got, err, c.total, c.targets)
		}
	}
}

func TestMeasureCodeRefuses(t *testing.T) {
	for name, code := range map[string][]byte{
		"an unknown instruction": {0xff}, "an old exception": {0x06, 0x40}, "unknown vector": {0xfd, 0xff, 0xff, 3},
		"unknown collection": {0xfb, 31}, "unknown atomic": {0xfe, 4}, "unknown bulk": {0xfc, 200, 1},
		"unknown catch": {0x1f, 0x40, 1, 4, 0}, "the end": {0x43},
	} {
		wasm := codeModule(noType, noLocals, code)
		m, err := Parse(wasm)
		if err != nil {
			t.Fatal(name, err)
		}
		var e *Error
		if _, err := MeasureCode(wasm, m); !errors.As(err, &e) || e.Offset < len(wasm)-8 || e.Offset > len(wasm) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLimitsOfFunctions(t *testing.T) {
	l := DefaultParseLimits()
	l.Locals, l.BodyBytes = 9, 12
	for name, c := range map[string]struct {
		wasm  []byte
		limit string
		value uint64
	}{
		"locals at the limit":  {codeModule(noType, []byte{1, 9, 0x7f}), "", 0},
		"too many locals":      {codeModule(noType, []byte{2, 9, 0x7f, 1, 0x7f}), "Locals", 10},
		"very many locals":     {codeModule(noType, cat(2, uint32(1<<32-1), 0x7f, uint32(1<<32-1), 0x7f)), "BodyBytes", 14},
		"a body at the limit":  {codeModule(noType, noLocals, make([]byte, 10)), "", 0},
		"a body that is above": {codeModule(noType, noLocals, make([]byte, 11)), "BodyBytes", 13},
		"2^32-1 locals":        {codeModule(noType, cat(1, uint32(1<<32-1), 0x7f)), "Locals", 1<<32 - 1},
	} {
		_, err := ParseWithLimits(c.wasm, l)
		var e *Error
		switch {
		case c.limit == "" && err == nil:
		case !errors.As(err, &e) || e.Exceeded == nil:
			t.Errorf("%s: %v", name, err)
		case *e.Exceeded != Exceeded{c.limit, c.value, map[string]uint64{"Locals": 9, "BodyBytes": 12}[c.limit]}:
			t.Errorf("%s: %+v", name, e.Exceeded)
		}
	}
}

func TestReferenceTypes(t *testing.T) {
	i31, i31null := RefType(-0x14, false), RefType(-0x14, true)
	anyref, none := RefType(-0x12, true), RefType(-0x0f, false)
	for _, c := range []struct {
		t, u       ValType
		sub, equal bool
	}{
		{i31, i31, true, true}, {i31, i31null, true, false}, {i31null, i31, false, false}, {i31, anyref, true, false},
		{anyref, i31null, false, false}, {none, i31, true, false}, {none, RefType(-0x10, false), false, false},
		{FuncRef, FuncRef, true, true}, {RefType(-0x10, false), FuncRef, true, false}, {FuncRef, ExternRef, false, false},
		{OtherRef, OtherRef, true, true}, {OtherRef, anyref, false, false}, {I32, I32, true, true}, {I32, I64, false, false},
		{RefType(-0x0d, true), FuncRef, true, false}, {RefType(-0x0e, true), ExternRef, true, false}, {RefType(-0x0c, true), ExnRef, true, false},
	} {
		if got := c.t.subtypeOf(c.u); got != c.sub {
			t.Errorf("%v is a subtype of %v: %t", c.t, c.u, got)
		}
		if got := c.t.equal(c.u); got != c.equal {
			t.Errorf("%v equals %v: %t", c.t, c.u, got)
		}
	}
	if s := i31.String() + " " + i31null.String() + " " + RefType(3, false).String(); s != "(ref i31) i31ref ref" {
		t.Error(s)
	}
	sub := ExternType{Kind: Global, Global: GlobalType{Type: i31}}
	super := ExternType{Kind: Global, Global: GlobalType{Type: anyref}}
	if !sub.Matches(super) || super.Matches(sub) {
		t.Error("a global that never changes may be of a subtype, not of a supertype")
	}
	sub.Global.Mutable, super.Global.Mutable = true, true
	if sub.Matches(super) || !sub.Matches(sub) {
		t.Error("a mutable global must be of the same type")
	}
}
