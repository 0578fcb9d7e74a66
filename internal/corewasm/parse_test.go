package corewasm

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestEverything(t *testing.T) {
	m, err := Parse(everything())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, i := range m.Imports {
		got = append(got, fmt.Sprintf("import %q %q %v", i.Module, i.Name, i.Type))
	}
	for _, e := range m.Exports {
		got = append(got, fmt.Sprintf("export %q %v %d", e.Name, e.Type, e.Index))
	}
	got = append(got, fmt.Sprintf("start %t, functions %d of them imported %d, code %d", m.HasStart, m.NumFuncs, m.NumImportedFuncs, m.CodeBytes),
		fmt.Sprintf("tables %v, memories %v", m.Tables, m.Memories),
		fmt.Sprintf("names %q %q %q", m.FuncName(0), m.FuncName(1), m.FuncName(3)))
	want := []string{
		`import "a" "f" function (externref) -> (f32, f64)`,
		`import "a" "t" table 2..9 of funcref`,
		`import "" "m" memory 1..2 shared`,
		`import "a" "g" global mut i32`,
		`import "b" "e" tag () -> ()`,
		`export "f0" function (externref) -> (f32, f64) 0`,
		`export "f1" function (i32, i64) -> (v128) 1`,
		`export "f2" function (ref) -> (funcref) 2`,
		`export "" function () -> () 3`,
		`export "t" table 70000 i64 of funcref 2`,
		`export "m" memory 70000 i64 1`,
		`export "m8" memory 3 pagesize 1 2`,
		`export "g" global i32 6`,
		`export "e" tag () -> () 1`,
		`start true, functions 4 of them imported 1, code 10`,
		`tables [1 of externref 70000 i64 of funcref], memories [70000 i64 3 pagesize 1]`,
		`names "import" "" "né"`,
	}
	if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
	e, ok := m.Export("m8")
	if n, fits := e.Type.Memory.MinBytes(); !ok || n != 3 || !fits {
		t.Error(e, ok, n, fits)
	}
	if _, ok := m.Export("nothing"); ok {
		t.Error("export that is not there")
	}
	if i, ok := m.ExportIndex("e"); i != 8 || !ok {
		t.Error(i, ok)
	}
}

// Each prefix of a module is refused, or is a module itself.
func TestPrefixes(t *testing.T) {
	all := everything()
	whole := 0
	for n := range len(all) {
		m, err := Parse(all[:n])
		var e *Error
		switch {
		case err == nil:
			whole++
		case !errors.As(err, &e) || e.Offset > n || m != nil:
			t.Errorf("%d: %#v", n, err)
		}
	}
	if whole != 6 { // after the header, types and imports, and from the code on after each section but the last
		t.Error(whole)
	}
}

func TestRefused(t *testing.T) {
	type1 := section(1, 1, 0x60, 0, 0)
	many := bytes.Repeat([]byte{0x60, 0, 0}, 3)
	for name, c := range map[string]struct {
		b    []byte
		want string
	}{
		"nothing":                  {nil, "unexpected end"},
		"text":                     {[]byte("(module)"), "no wasm binary"},
		"component":                {[]byte("\x00asm\x0d\x00\x01\x00"), "component"},
		"version":                  {[]byte("\x00asm\x02\x00\x00\x00"), "unknown version 02000000"},
		"section":                  {module(section(14)), "unknown section 14"},
		"long section":             {module([]byte{1, 200, 1}), "unexpected end"},
		"huge section":             {module([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x0f}), "unexpected end"},
		"bad length":               {module([]byte{1, 0xff, 0xff, 0xff, 0xff, 0x7f}), "32 bits"},
		"endless length":           {module([]byte{1, 0x80, 0x80, 0x80, 0x80, 0x80, 0}), "32 bits"},
		"order":                    {module(section(3, 0), section(1, 0)), "out of order"},
		"twice":                    {module(type1, type1), "twice"},
		"tag before memory":        {module(section(13, 0), section(5, 0)), "out of order"},
		"rest":                     {module(section(1, 0, 0)), "1 bytes too many"},
		"many types":               {module(section(1, uint32(1<<31))), "above the limit"},
		"types that are not there": {module(section(1, uint32(50), 0x60)), "50 type groups in 1 bytes"},
		"type form":                {module(section(1, 1, 0x61)), "type form 0x61"},
		"value type":               {module(section(1, 1, 0x60, 1, 0x40, 0)), "value type 0x40"},
		"many parameters":          {module(section(1, 1, 0x60, uint32(1001), make([]byte, 2000))), "1001 parameters, above the limit of 1000"},
		"heap type":                {module(section(1, 1, 0x60, 1, 0x63, 0xff, 0xff, 0xff, 0xff, 0x7f, 0)), ""},
		"mutability":               {module(section(1, 1, 0x5e, 0x7f, 2)), "mutability"},
		"import kind":              {module(section(2, 1, "a", "b", 5)), "import kind"},
		"import of no type":        {module(section(2, 1, "a", "b", 0, 0)), "type 0 of 0"},
		"import of struct":         {module(section(1, 1, 0x5f, 0), section(2, 1, "a", "b", 0, 0)), "no function type"},
		"name":                     {module(section(2, 1, 2, []byte{0xff, 0xfe}, "b", 0, 0)), "UTF-8"},
		"long name":                {module(section(2, 1, uint32(1<<30))), "name of"},
		"name end":                 {module(section(2, 1, 5, []byte{'a'})), "unexpected end"},
		"tag attribute":            {module(type1, section(2, 1, "a", "b", 4, 1, 0)), "tag attribute"},
		"function type":            {module(type1, section(3, 1, 1)), "type 1 of 1"},
		"limits flags":             {module(section(5, 1, 16)), "limits flags"},
		"shared table":             {module(section(4, 1, 0x70, 3, 0, 1)), "limits flags"},
		"maximum":                  {module(section(5, 1, 1, 2, 1)), "below minimum"},
		"page size":                {module(section(5, 1, 8, 0, 12)), "page size 2^12"},
		"memories":                 {module(section(5, uint32(101), make([]byte, 202))), "101 memories, above the limit"},
		"table form":               {module(section(4, 1, 0x40, 1)), "table form"},
		"no constant":              {module(section(6, 1, 0x7f, 0, 0x01)), "not constant"},
		"no constant simd":         {module(section(6, 1, 0x7b, 0, 0xfd, 13)), "not constant"},
		"no constant gc":           {module(section(6, 1, 0x7f, 0, 0xfb, 99)), "not constant"},
		"constant":                 {module(section(6, 1, 0x7f, 0, 0x41, 0xff, 0xff, 0xff, 0xff, 0x3f)), "32 bits"},
		"endless constant":         {module(section(6, 1, 0x7f, 0, 0x41, 1)), "unexpected end"},
		"export":                   {module(section(7, 1, "a", 0, 0)), "function 0 of 0"},
		"export kind":              {module(section(7, 1, "a", 5, 0)), "export kind"},
		"export tag":               {module(section(7, 1, "a", 4, 0)), "tag 0 of 0"},
		"export twice":             {module(type1, section(3, 1, 0), section(7, 2, "a", 0, 0, "a", 0, 0)), `two exports are named "a"`},
		"custom name":              {module(section(0, uint32(9), 1)), "unexpected end"},
		"too many types":           {module(section(1, 1, 0x4e, uint32(200_000))), "above the limit"},
		"groups":                   {module(section(1, 2, 0x4e, 2, many[:6], 0x4e, 0, 0)), "too many"},
	} {
		_, err := Parse(c.b)
		if c.want == "" {
			continue
		}
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Msg, c.want) || e.Offset < 0 || e.Offset > len(c.b) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Sums of counts are limited too.
func TestLimitsAddUp(t *testing.T) {
	l := DefaultParseLimits()
	l.Functions, l.Types = 3, 2
	type1 := section(1, 1, 0x60, 0, 0)
	imports := section(2, 2, "a", "b", 0, 0, "a", "c", 0, 0)
	for n, ok := range map[int]bool{1: true, 2: false} {
		b := module(type1, imports, section(3, n, make([]byte, n)), section(10, n, bytes.Repeat([]byte{2, 0, 0x0b}, n)))
		if _, err := ParseWithLimits(b, l); (err == nil) != ok {
			t.Error(n, err)
		}
	}
	l.Functions = 1 // imports alone are above it
	if _, err := ParseWithLimits(module(type1, imports, section(3, 1, 0)), l); err == nil {
		t.Error("limit of functions")
	}
	rec := section(1, 2, 0x4e, 2, 0x60, 0, 0, 0x60, 0, 0, 0x60, 0, 0)
	if _, err := ParseWithLimits(module(rec), l); err == nil || !strings.Contains(err.Error(), "3 types, above the limit of 2") {
		t.Error(err)
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		b    []byte
		bits uint
		want int64
		ok   bool
	}{
		{[]byte{0}, 32, 0, true}, {[]byte{0x7f}, 32, -1, true}, {[]byte{0x3f}, 32, 63, true}, {[]byte{0x40}, 32, -64, true},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0x07}, 32, 1<<31 - 1, true}, {[]byte{0x80, 0x80, 0x80, 0x80, 0x78}, 32, -1 << 31, true},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, 32, 0, false}, {[]byte{0x80, 0x80, 0x80, 0x80, 0x70}, 32, 0, false},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f}, 64, -1 << 63, true},
		{[]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00}, 64, 1<<63 - 1, true},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01}, 64, 0, false},
		{[]byte{0x80, 0x80, 0x80, 0x80, 0x70}, 33, -1 << 32, true}, {[]byte{0x80, 0x80, 0x80, 0x80, 0x10}, 33, 0, false}, {[]byte{0xff, 0xff, 0xff, 0xff, 0x0f}, 33, 1<<32 - 1, true},
		{[]byte{0x80}, 32, 0, false},
	} {
		got, err := func() (v int64, err error) {
			defer func() {
				if e := recover(); e != nil {
					err = e.(*Error)
				}
			}()
			return (&reader{b: c.b, end: len(c.b)}).sleb(c.bits), nil
		}()
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("%x %d: %d, %v", c.b, c.bits, got, err)
		}
	}
}

func TestBrokenNames(t *testing.T) {
	for name, c := range map[string]struct {
		section []byte
		want    string // of function 0
	}{
		"empty":        {nil, ""},
		"cut":          {[]byte{1, 200}, ""},
		"cut in names": {section(1, 3, 0, "zero", 1), "zero"},
		"many":         {section(1, uint32(1<<31), 0, "zero"), "zero"},
		"no UTF-8":     {section(1, 1, 0, "\xff"), "\xff"},
		"long":         {section(1, 1, 0, strings.Repeat("x", 5000)), strings.Repeat("x", 1000)},
		"locals first": {cat(section(2, 0), section(1, 1, 0, "zero")), "zero"},
	} {
		m, err := Parse(module(section(0, "name", c.section)))
		if err != nil || m.FuncName(0) != c.want {
			t.Error(name, err)
		}
	}
	m, err := Parse([]byte(header))
	if err != nil || m.Names != nil || m.FuncName(0) != "" {
		t.Error(err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(everything())
	f.Add([]byte(header))
	f.Add(module(section(1, 1, 0x60, 1, 0x7f, 0), section(2, 1, "a", "b", 0, 0), section(7, 1, "c", 0, 0)))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Offset < 0 || e.Offset > len(b) || m != nil {
				t.Fatalf("%#v", err)
			}
			return
		}
		cost, err := MeasureCode(b, m)
		_, err2 := KeepsExceptions(b, m)
		if (err == nil) != (err2 == nil) || cost.Max > cost.Total || cost.MaxAt > len(b) {
			t.Fatal(cost, err, err2)
		}
		for i, e := range m.Exports {
			if j, ok := m.ExportIndex(e.Name); !ok || i != j {
				t.Fatal(i, j)
			}
			_ = e.Type.String()
			_ = e.Type.Matches(e.Type)
		}
		for i := range min(m.NumFuncs, 10) {
			m.FuncName(i)
		}
	})
}
