package binary_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
)

func decode(t testing.TB, wasm string) *binary.Component {
	t.Helper()
	c, err := binary.Decode([]byte(wasm), binary.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestPreamble(t *testing.T) {
	for wasm, want := range map[string]error{
		"":                                  binary.ErrNotWasm,
		"\x00asm":                           binary.ErrNotWasm,
		"#!/bin/sh -e":                      binary.ErrNotWasm,
		emptyModule:                         binary.ErrCoreModule,
		"\x00asm\x0d\x00\x02\x00":           nil,
		"\x00asm\x0c\x00\x01\x00":           nil,
		component(section(4, emptyModule)):  nil,
		component(section(1, preamble)):     nil,
		component(section(4, preamble[:7])): nil,
	} {
		_, err := binary.Decode([]byte(wasm), binary.Limits{})
		var e *binary.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v, want an *Error", wasm, err)
		} else if want != nil && !errors.Is(err, want) {
			t.Errorf("%q: got %v, want %v", wasm, err, want)
		}
	}
	if c := decode(t, preamble); len(c.Defs) != 0 || c.Size != len(preamble) {
		t.Errorf("empty component: %+v", c)
	}
}

func TestIsComponent(t *testing.T) {
	for wasm, want := range map[string]bool{
		preamble: true, component(section(0, name("x"))): true,
		emptyModule: false, preamble[:7]: false, "": false, "\x00asn\x0d\x00\x01\x00": false,
	} {
		if got := binary.IsComponent([]byte(wasm)); got != want {
			t.Errorf("%q: %v", wasm, got)
		}
	}
}

func TestMalformed(t *testing.T) {
	const (
		custom, coreModule, coreInstance, coreType, nested, instance = 0, 1, 2, 3, 4, 5
		alias, typ, canon, start, imports, exports, value            = 6, 7, 8, 9, 10, 11, 12
	)
	for _, tt := range []struct {
		what, wasm string
		rule       binary.Rule
		offset     int
	}{
		{"unknown section", component(section(13, "")), binary.RuleSection, 8},
		{"section without size", component("\x07"), binary.RuleEnd, 9},
		{"section longer than the file", component("\x07\x05\x00"), binary.RuleEnd, 10},
		{"section longer than its content", component(section(typ, vec()+"\x00")), binary.RuleSection, 11},
		{"section shorter than its content", component("\x07\x01\x01\x73"), binary.RuleEnd, 11},
		{"integer of more than 32 bits", component("\x07\x81\x80\x80\x80\x10\x00"), binary.RuleInteger, 13},
		{"integer of six bytes", component("\x07\x81\x80\x80\x80\x80\x00\x00"), binary.RuleInteger, 13},
		{"count above what is left", component(section(typ, uleb(1<<30)+"\x73")), binary.RuleEnd, 15},
		{"name above what is left", component(section(imports, vec("\x00\x05ab"))), binary.RuleEnd, 13},
		{"name not UTF-8", component(section(imports, vec("\x00\x01\xff\x01\x00"))), binary.RuleString, 14},
		{"custom section name not UTF-8", component(section(custom, "\x01\xff")), binary.RuleString, 12},
		{"core module with a bad section", component(section(coreModule, emptyModule+"\x63\x00")), binary.RuleCoreModule, 20},

		{"core instance form", component(section(coreInstance, vec("\x02"))), binary.RuleByte, 11},
		{"core argument sort", component(section(coreInstance, vec("\x00\x00"+vec(name("a")+"\x00\x00")))), binary.RuleByte, 16},
		{"core export sort", component(section(coreInstance, vec("\x01"+vec(name("a")+"\x10\x00")))), binary.RuleByte, 15},
		{"instance form", component(section(instance, vec("\x02"))), binary.RuleByte, 11},
		{"argument sort", component(section(instance, vec("\x00\x00"+vec(name("a")+"\x06\x00")))), binary.RuleByte, 16},
		{"argument core sort", component(section(instance, vec("\x00\x00"+vec(name("a")+"\x00\x00\x00")))), binary.RuleByte, 17},
		{"alias target", component(section(alias, vec("\x03\x03\x00\x00"))), binary.RuleByte, 12},
		{"outer alias of a function", component(section(alias, vec("\x01\x02\x00\x00"))), binary.RuleByte, 11},
		{"outer alias of a core function", component(section(alias, vec("\x00\x00\x02\x00\x00"))), binary.RuleByte, 12},
		{"core alias of a type", component(section(alias, vec("\x03\x01\x00"+name("a")))), binary.RuleByte, 11},
		{"core alias of a core module", component(section(alias, vec("\x00\x11\x01\x00"+name("a")))), binary.RuleByte, 11},
		{"alias of a core function of an instance", component(section(alias, vec("\x00\x00\x00\x00"+name("a")))), binary.RuleByte, 12},

		{"type form", component(section(typ, vec("\x62"))), binary.RuleByte, 11},
		{"value type", component(section(typ, vec("\x70\x40"))), binary.RuleByte, 12},
		{"negative type index", component(section(typ, vec("\x70\xff\x7f"))), binary.RuleByte, 12},
		{"type index of 34 bits", component(section(typ, vec("\x70\x80\x80\x80\x80\x20"))), binary.RuleInteger, 16},
		{"end of a case", component(section(typ, vec("\x71"+vec(name("a")+"\x00\x01")))), binary.RuleByte, 16},
		{"optional type", component(section(typ, vec("\x6a\x02"))), binary.RuleByte, 12},
		{"result list", component(section(typ, vec("\x40\x00\x02"))), binary.RuleByte, 13},
		{"results", component(section(typ, vec("\x40\x00\x01\x01"))), binary.RuleByte, 14},
		{"representation of a resource", component(section(typ, vec("\x3f\x7d\x00"))), binary.RuleByte, 12},
		{"declaration", component(section(typ, vec("\x41"+vec("\x05")))), binary.RuleByte, 13},
		{"import in an instance type", component(section(typ, vec("\x42"+vec("\x03\x00"+name("a")+"\x03\x01")))), binary.RuleByte, 13},
		{"core type form", component(section(coreType, vec("\x61"))), binary.RuleByte, 11},
		{"core prefix", component(section(coreType, vec("\x00\x60\x00\x00"))), binary.RuleByte, 12},
		{"core value type", component(section(coreType, vec("\x60\x01\x60\x00"))), binary.RuleByte, 13},
		{"module declaration", component(section(coreType, vec("\x50"+vec("\x04")))), binary.RuleByte, 13},
		{"module type in a module type", component(section(coreType, vec("\x50"+vec("\x01\x50\x00", "\x01\x60\x00\x00")))), binary.RuleByte, 16},
		{"core external kind", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x05\x00")))), binary.RuleByte, 16},
		{"core limits", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x02\x10\x00")))), binary.RuleByte, 17},
		{"memory above 4 GiB", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x02\x00\x81\x80\x04")))), binary.RuleLimit, 17},
		{"maximum below minimum", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x02\x01\x02\x01")))), binary.RuleLimit, 17},
		{"shared memory without maximum", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x02\x02\x01")))), binary.RuleLimit, 17},
		{"tag attribute", component(section(coreType, vec("\x50"+vec("\x03"+name("a")+"\x04\x01\x00")))), binary.RuleByte, 17},

		{"canonical definition", component(section(canon, vec("\x07"))), binary.RuleByte, 11},
		{"removed backpressure.set", component(section(canon, vec("\x08"))), binary.RuleByte, 11},
		{"lift of another sort", component(section(canon, vec("\x00\x01\x00\x00\x00"))), binary.RuleByte, 12},
		{"lower of another sort", component(section(canon, vec("\x01\x01\x00\x00"))), binary.RuleByte, 12},
		{"option", component(section(canon, vec("\x01\x00\x00"+vec("\x0a")))), binary.RuleByte, 15},
		{"two encodings", component(section(canon, vec("\x01\x00\x00"+vec("\x00", "\x01")))), binary.RuleOption, 17},
		{"two memories", component(section(canon, vec("\x01\x00\x00"+vec("\x03\x00", "\x03\x00")))), binary.RuleOption, 18},
		{"two async", component(section(canon, vec("\x01\x00\x00"+vec("\x06", "\x06")))), binary.RuleOption, 17},
		{"flag", component(section(canon, vec("\x0c\x02"))), binary.RuleByte, 12},
		{"context slot type", component(section(canon, vec("\x0a\x7d\x00"))), binary.RuleByte, 12},

		{"name form", component(section(imports, vec("\x03"+name("a")+"\x01\x00"))), binary.RuleByte, 11},
		{"attribute", component(section(imports, vec("\x02"+name("a")+vec("\x03"+name("b"))+"\x01\x00"))), binary.RuleByte, 15},
		{"two attributes of a kind", component(section(imports, vec("\x02"+name("a")+vec("\x02"+name("b"), "\x02"+name("c"))+"\x05\x00"))), binary.RuleAttribute, 18},
		{"empty implements", component(section(imports, vec("\x02"+name("a")+vec("\x00"+name(""))+"\x05\x00"))), binary.RuleAttribute, 17},
		{"import kind", component(section(imports, vec("\x00"+name("a")+"\x06\x00"))), binary.RuleByte, 14},
		{"import core sort", component(section(imports, vec("\x00"+name("a")+"\x00\x00"))), binary.RuleByte, 15},
		{"type bound", component(section(imports, vec("\x00"+name("a")+"\x03\x02"))), binary.RuleByte, 15},
		{"export sort", component(section(exports, vec("\x00"+name("a")+"\x06\x00\x00"))), binary.RuleByte, 14},
		{"ascription", component(section(exports, vec("\x00"+name("a")+"\x01\x00\x02"))), binary.RuleByte, 16},

		{"start function", component(section(start, "\x00\x00\x00")), binary.RuleUnsupported, 8},
		{"value", component(section(value, "\x00")), binary.RuleUnsupported, 8},
		{"imported value", component(section(imports, vec("\x00"+name("a")+"\x02\x01\x7f"))), binary.RuleUnsupported, 15},
		{"exported value", component(section(exports, vec("\x00"+name("a")+"\x02\x00\x00"))), binary.RuleUnsupported, 15},
		{"GC option twice", component(section(canon, vec("\x01\x00\x00"+vec("\x09", "\x09")))), binary.RuleOption, 17},
		{"unknown option", component(section(canon, vec("\x01\x00\x00"+vec("\x0a")))), binary.RuleByte, 15},
	} {
		_, err := binary.Decode([]byte(tt.wasm), binary.Limits{})
		var e *binary.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: got %v, want an *Error", tt.what, err)
			continue
		}
		if e.Rule != tt.rule || e.Offset != tt.offset {
			t.Errorf("%s: rule %q at byte %d, want %q at byte %d (%v)", tt.what, e.Rule, e.Offset, tt.rule, tt.offset, err)
		}
		if unsupported := errors.Is(err, binary.ErrUnsupported); unsupported != (tt.rule == binary.RuleUnsupported) {
			t.Errorf("%s: ErrUnsupported is %v", tt.what, unsupported)
		}
	}
}

// Components of the 2025 previews of WASI 0.3 are refused with a hint.
func TestOldPreviewIsNamed(t *testing.T) {
	_, err := binary.Decode([]byte(component(section(8, vec("\x08")))), binary.Limits{})
	if err == nil || !strings.Contains(err.Error(), "2025 preview of WASI 0.3") {
		t.Errorf("got %v", err)
	}
}

// Integers may be longer than they need to be, but not than their type.
func TestPaddedIntegers(t *testing.T) {
	c := decode(t, component("\x07\x83\x80\x80\x80\x00"+"\x01\x70\x73", section(7, vec("\x70\x80\x80\x80\x80\x00"))))
	if e := c.Defs[1].(*binary.TypeDef).Expr.(*binary.ValExpr); e.Elem.Prim != 0 || e.Elem.Index != 0 {
		t.Errorf("element is %+v, want type index 0", e.Elem)
	}
}

func TestErrorsSayWhere(t *testing.T) {
	inner := component(section(7, vec("\x73")), section(4, component(section(13, ""))))
	wasm := component(section(4, preamble), section(4, inner))
	_, err := binary.Decode([]byte(wasm), binary.Limits{})
	var e *binary.Error
	if !errors.As(err, &e) || e.Path != "component 1 / component 0" || wasm[e.Offset] != 13 {
		t.Errorf("got %#v", err)
	}
}

func TestLimits(t *testing.T) {
	deep := preamble
	for range 5 {
		deep = component(section(4, deep))
	}
	deepType := "\x42\x00"
	for range 5 {
		deepType = "\x42" + vec("\x01"+deepType)
	}
	for what, tt := range map[string]struct {
		wasm   string
		limits binary.Limits
	}{
		"depth of components": {deep, binary.Limits{Depth: 4}},
		"depth of types":      {component(section(7, vec(deepType))), binary.Limits{Depth: 4}},
		"components":          {deep, binary.Limits{Components: 4}},
		"modules":             {component(section(1, emptyModule), section(1, emptyModule)), binary.Limits{Modules: 1}},
		"definitions":         {component(section(7, vec("\x73", "\x73"))), binary.Limits{Definitions: 1}},
		"declarations":        {component(section(7, vec("\x42"+vec("\x01\x73", "\x01\x73")))), binary.Limits{Definitions: 2}},
		"parts":               {component(section(7, vec("\x6f"+vec("\x73", "\x73")))), binary.Limits{Parts: 1}},
		"name":                {component(section(7, vec("\x6e"+vec(name("abc"))))), binary.Limits{NameBytes: 2}},
	} {
		_, err := binary.Decode([]byte(tt.wasm), tt.limits)
		var e *binary.Error
		if !errors.As(err, &e) || e.Rule != binary.RuleLimit {
			t.Errorf("%s: got %v", what, err)
		}
		if _, err := binary.Decode([]byte(tt.wasm), binary.Limits{}); err != nil {
			t.Errorf("%s: with the default limits: %v", what, err)
		}
	}
}

// A few bytes that claim to hold billions of things must not cost billions of bytes.
func TestCountsAreCheckedBeforeAllocating(t *testing.T) {
	for _, id := range []int{2, 3, 5, 6, 7, 8, 10, 11} {
		wasm := []byte(component(section(id, "\xff\xff\xff\xff\x0f")))
		if n := testing.AllocsPerRun(1, func() { _, _ = binary.Decode(wasm, binary.Limits{}) }); n > 30 {
			t.Errorf("section %d: %v allocations", id, n)
		}
	}
}
