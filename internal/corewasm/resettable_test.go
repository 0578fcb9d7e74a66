package corewasm

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
)

// body is a module of one function without locals.
func body(code ...any) []byte {
	b := cat(0, cat(code...), 0x0b)
	return module(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(10, 1, uint32(len(b)), b))
}

func resettable(t *testing.T, wasm []byte) ([]MutableGlobal, error) {
	t.Helper()
	m, err := Parse(wasm)
	if err != nil {
		return nil, err
	}
	if err := Resettable(wasm, m); err != nil {
		return nil, err
	}
	return m.MutableGlobals(), nil
}

// The module has every instruction of the tables. Each opcode that may be
// walked occurs in it, so that no letter of a table goes untested: one that
// stood for the wrong length would lose step with the code.
func TestEveryInstruction(t *testing.T) {
	wasm, err := os.ReadFile("testdata/instructions.wasm")
	if err != nil {
		t.Fatal(err)
	}
	globals, err := resettable(t, wasm)
	want := "[{1 i32 spin:global:1 true} {2 i64 i64 false} {3 f32 spin:global:3 true} {4 f64 spin:global:4 true}]"
	if err != nil || fmt.Sprint(globals) != want {
		t.Error(globals, err)
	}
	seen := map[instruction]bool{}
	unreachable := 0
	for _, f := range bodies(wasm) {
		for f.left() > 0 {
			i := f.instruction()
			f.skipImmediates(i.kind)
			seen[i] = true
			if i.op == 0 {
				unreachable++
			}
		}
	}
	for prefix, table := range map[byte]string{0: opcodes, 0xfc: opcodesFC, 0xfd: opcodesFD} {
		for n := range len(table) {
			i := instruction{op: byte(n), kind: table[n]}
			if prefix != 0 {
				i.op, i.sub = prefix, uint32(n)
			}
			walked := i.kind != immUnknown && i.kind != immRefused && i.kind != immPrefix
			if seen[i] != walked {
				t.Errorf("%#x %d: in the module %t, walked %t", i.op, i.sub, seen[i], walked)
			}
		}
	}
	wat, err := os.ReadFile("testdata/instructions.wat")
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(string(wat), "(module")
	if n := strings.Count(code, "unreachable"); n != unreachable {
		t.Errorf("%d times unreachable, the text has %d", unreachable, n)
	}
}

// bodies are readers at the first instruction of each function.
func bodies(wasm []byte) (list []*reader) {
	for r := sectionsOf(wasm); r.left() > 0; {
		s := r.frame()
		if s.id != secCode {
			continue
		}
		code := &reader{b: wasm, pos: s.body, end: s.end}
		for n := code.u32(); n > 0; n-- {
			f := code.section(uint64(code.u32()), "function")
			f.locals()
			list = append(list, f)
		}
	}
	return list
}

// Each of these is walked exactly: what follows is seen where it stands.
func TestImmediates(t *testing.T) {
	set := 0x26 // table.set, also as an immediate
	bytes16 := []byte{0x26, 0, 0x26, 0x0b, 0x80, 0xff, 0x26, 0, 0x26, 0, 0x26, 0, 0x26, 0, 0x26, 0}
	for name, code := range map[string][]byte{
		"nothing":                     {},
		"i32.const":                   cat(0x41, set),
		"long i32.const":              cat(0x41, 0x80, 0x80, 0x80, 0x80, 0x78),
		"long i64.const":              cat(0x42, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f),
		"f32.const":                   cat(0x43, bytes16[:4]),
		"f64.const":                   cat(0x44, bytes16[:8]),
		"v128.const":                  cat(0xfd, 12, bytes16),
		"i8x16.shuffle":               cat(0xfd, 13, bytes16),
		"lane":                        cat(0xfd, 34, set),
		"padded index":                cat(0x20, 0x80, 0x80, 0x80, 0x80, 0),
		"padded opcode":               cat(0xfc, 0x8a, 0x80, 0x80, 0x80, 0, set, set),
		"opcode of two bytes":         cat(0xfd, uint32(0x113)),
		"memory argument":             cat(0x28, 2, set),
		"second memory":               cat(0x28, 0x42, set, set),
		"padded alignment":            cat(0x28, 0xc2, 0x80, 0, set, set),
		"offset of 64 bits":           cat(0x28, 3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1),
		"lane in memory":              cat(0xfd, 84, 0x40, set, set, set),
		"memory.copy":                 cat(0xfc, 10, set, set),
		"memory.init":                 cat(0xfc, 8, set, set),
		"memory.fill":                 cat(0xfc, 11, set),
		"table.size":                  cat(0xfc, 16, set),
		"call_indirect":               cat(0x11, set, set),
		"return_call_indirect":        cat(0x13, set, set),
		"no label but the default":    cat(0x0e, 0, set),
		"labels":                      cat(0x0e, 3, set, set, 0x80, 1, set),
		"no type of select":           cat(0x1c, 0),
		"types of select":             cat(0x1c, 2, 0x64, set, 0x7f),
		"block of nothing":            cat(0x02, 0x40),
		"block of a type":             cat(0x02, set),
		"block of a far type":         cat(0x02, 0xa6, 0x80, 1),
		"block of v128":               cat(0x03, 0x7b),
		"block of (ref 0x26)":         cat(0x04, 0x64, set),
		"block of (ref null extern)":  cat(0x02, 0x63, 0x6f),
		"ref.null of an index":        cat(0xd0, 0xa6, 1),
		"ref.null func":               cat(0xd0, 0x70),
		"ref.null in more bytes":      cat(0xd0, 0xf0, 0x7f),
		"saturating conversion":       cat(0xfc, 7),
		"wide arithmetic":             cat(0xfc, 22),
		"sign extension":              cat(0xc4),
		"br_on_null":                  cat(0xd5, set),
		"return_call_ref":             cat(0x15, set),
		"end, which ends no function": cat(0x0b),
	} {
		if _, err := resettable(t, body(code)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, err := resettable(t, body(code, set, 0))
		start := len(body(code)) - 1 // two more bytes, and its length has one
		if err == nil || !strings.HasSuffix(err.Error(), fmt.Sprintf("function 0 uses table.set (at byte %#x)", start)) {
			t.Errorf("%s and table.set: %v, want byte %#x", name, err, start)
		}
	}
}

func TestNotResettable(t *testing.T) {
	type1 := section(1, 1, 0x60, 0, 0)
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"start":            {module(type1, section(3, 1, 0), section(8, 0), section(10, 1, 2, 0, 0x0b)), "it has a start function"},
		"tag":              {module(type1, section(13, 1, 0, 0)), "exception tags"},
		"imported tag":     {module(type1, section(2, 1, "a", "b", 4, 0, 0)), "exception tags"},
		"shared memory":    {module(section(5, 2, 0, 1, 3, 1, 1)), "memory 1 of its own is shared"},
		"imported memory":  {module(section(2, 1, "a", "b", 2, 3, 1, 1)), `imported memory "a" "b" is shared`},
		"vector":           {module(section(6, 1, 0x7b, 1, 0xfd, 12, make([]byte, 16), 0x0b)), "global 0 is a mutable v128"},
		"reference":        {module(section(2, 1, "a", "b", 3, 0x7f, 1), section(6, 1, 0x70, 1, 0xd0, 0x70, 0x0b)), "global 1 is a mutable funcref"},
		"imported global":  {module(section(2, 1, "a", "b", 3, 0x6f, 1)), `imported global "a" "b" is a mutable externref`},
		"table.set":        {body(0x26, 0), "table.set"},
		"data.drop":        {body(0xfc, 9, 0), "data.drop"},
		"table.init":       {body(0xfc, 12, 0, 0), "table.init"},
		"elem.drop":        {body(0xfc, 13, 0), "elem.drop"},
		"table.copy":       {body(0xfc, 14, 0, 0), "table.copy"},
		"table.grow":       {body(0xfc, 15, 0), "table.grow"},
		"table.fill":       {body(0xfc, 17, 0), "table.fill"},
		"padded":           {body(0xfc, 0x89, 0x80, 0, 0), "data.drop"},
		"struct.new":       {body(0xfb, 0, 0), "garbage-collected objects"},
		"atomic.fence":     {body(0xfe, 3, 0), "atomic instructions"},
		"try":              {body(0x06, 0x40), "exception handling"},
		"catch":            {body(0x07, 0), "exception handling"},
		"throw":            {body(0x08, 0), "exception handling"},
		"rethrow":          {body(0x09, 0), "exception handling"},
		"throw_ref":        {body(0x0a), "exception handling"},
		"delegate":         {body(0x18, 0), "exception handling"},
		"catch_all":        {body(0x19), "exception handling"},
		"try_table":        {body(0x1f, 0x40, 0), "exception handling"},
		"cont.new":         {body(0xe0, 0), "unknown instruction 0xe0"},
		"no instruction":   {body(0xff), "unknown instruction 0xff"},
		"memory.discard":   {body(0xfc, 18, 0), "unknown instruction 0xfc 18"},
		"no numeric one":   {body(0xfc, 23), "unknown instruction 0xfc 23"},
		"no vector":        {body(0xfd, uint32(0x9a)), "unknown instruction 0xfd 154"},
		"far vector":       {body(0xfd, uint32(0x114)), "unknown instruction 0xfd 276"},
		"farthest vector":  {body(0xfd, uint32(1<<32-1)), "unknown instruction 0xfd 4294967295"},
		"second function":  {module(type1, section(3, 2, 0, 0), section(10, 2, 2, 0, 0x0b, 4, 0, 0x26, 0, 0x0b)), "function 1 uses table.set (at byte 0x1b)"},
		"after an import":  {module(type1, section(2, 1, "a", "b", 0, 0), section(3, 1, 0), section(10, 1, 4, 0, 0x26, 0, 0x0b)), "function 1 uses"},
		"everything there": {everything(), "start"},
	} {
		globals, err := resettable(t, c.b)
		if !errors.Is(err, ErrNotResettable) || !strings.Contains(err.Error(), c.want) || globals != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMalformedCode(t *testing.T) {
	type1, one := section(1, 1, 0x60, 0, 0), section(3, 1, 0)
	fn := func(code ...any) []byte { // the body is all there is, without an end of its own
		b := cat(code...)
		return module(type1, one, section(10, 1, uint32(len(b)), b))
	}
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"no body":             {module(type1, one, section(10)), "unexpected end of code"},
		"fewer bodies":        {module(type1, one, section(10, 0)), "0 function bodies for 1 functions"},
		"more bodies":         {module(type1, one, section(10, uint32(1<<31))), "2147483648 function bodies for 1"},
		"rest":                {module(type1, one, section(10, 1, 2, 0, 0x0b, 0)), "1 bytes too many"},
		"long body":           {module(type1, one, section(10, 1, 3, 0, 0x0b)), "unexpected end of code"},
		"longest body":        {module(type1, one, section(10, 1, uint32(1<<32-1), 0, 0x0b)), "function body of 4294967295 bytes"},
		"empty body":          {fn(), "unexpected end"},
		"no instruction":      {fn(0), "does not end"},
		"no end":              {fn(0, 0x01), "does not end"},
		"end as immediate":    {fn(0, 0x41, 0x0b), "does not end"},
		"many locals":         {fn(uint32(1<<31), 1, 0x7f, 0x0b), "2147483648 groups of locals"},
		"locals of no type":   {fn(1, 1, 0x40, 0x0b), "value type 0x40"},
		"locals of exact ref": {fn(1, 1, 0x64, 0x62, 0, 0x0b), "unknown heap type -30"},
		"cut locals":          {fn(1, 1), "unexpected end"},
		"cut opcode":          {fn(0, 0xfd), "unexpected end"},
		"cut constant":        {fn(0, 0x43, 1, 2, 3), "unexpected end"},
		"cut index":           {fn(0, 0x20, 0x80), "unexpected end"},
		"cut offset":          {fn(0, 0x28, 2, 0x80), "unexpected end"},
		"long index":          {fn(0, 0x20, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x0b), "too long"},
		"long opcode":         {fn(0, 0xfd, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x0b), "32 bits"},
		"long offset":         {fn(0, 0x28, 2, []byte(strings.Repeat("\x80", 10)), 0, 0x0b), "too long"},
		"alignment":           {fn(0, 0x28, 0x80, 1, 0, 0x0b), "alignment 2^128"},
		"many labels":         {fn(0, 0x0e, uint32(1<<32-1), 0, 0x0b), "4294967295 labels in"},
		"labels not there":    {fn(0, 0x0e, 2, 0, 0x0b), "unexpected end"},
		"default not there":   {fn(0, 0x0e, 1, 0x0b), "unexpected end"},
		"types not there":     {fn(0, 0x1c, uint32(1<<31), 0x7f, 0x0b), "types of select in"},
		"type of select":      {fn(0, 0x1c, 1, 0x0b), "value type 0xb"},
		"type of block":       {fn(0, 0x02, 0x41, 0x0b), "value type 0x41"},
		"heap type":           {fn(0, 0xd0, 0x65, 0x70, 0x0b), "unknown heap type -27"},
		"far heap type":       {fn(0, 0xd0, 0xf0, 0x7e, 0x0b), "unknown heap type -144"},
	} {
		_, err := resettable(t, c.b)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Msg, c.want) || e.Offset < 0 || e.Offset > len(c.b) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// No code at all, and state that never changes.
func TestResettableWithoutCode(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":   module(),
		"functions": module(section(1, 1, 0x60, 0, 0), section(2, 1, "a", "b", 0, 0), section(7, 1, "c", 0, 0)),
		"constants": module(section(6, 2, 0x70, 0, 0xd0, 0x70, 0x0b, 0x7b, 0, 0xfd, 12, make([]byte, 16), 0x0b)),
		"imports":   module(section(2, 2, "a", "g", 3, 0x7f, 1, "a", "m", 2, 0, 1)),
		"segments":  module(section(4, 1, 0x70, 0, 1), section(5, 1, 0, 1), section(11, 1, 0, 0x41, 0, 0x0b, 1, 9)),
	} {
		if globals, err := resettable(t, b); err != nil || len(globals) != 0 {
			t.Errorf("%s: %v, %v", name, globals, err)
		}
	}
}

func FuzzResettable(f *testing.F) {
	every, err := os.ReadFile("testdata/instructions.wasm")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(every)
	f.Add(everything())
	f.Add(body(0x0e, 3, 0, 0, 0, 0, 0x1c, 1, 0x64, 0, 0xfd, 84, 0x40, 1, 2, 3))
	f.Add(body(0xfc, 9, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		if err := Resettable(b, m); err != nil {
			var e *Error
			if bad := errors.As(err, &e); bad == errors.Is(err, ErrNotResettable) || bad && (e.Offset < 0 || e.Offset > len(b)) {
				t.Fatalf("%#v", err)
			}
			return
		}
		for _, g := range m.MutableGlobals() {
			if own := m.Globals[g.Index-m.NumImportedGlobals]; !own.Mutable || own.Type != g.Type || !restorable(own) {
				t.Fatal(g, own)
			}
		}
	})
}
