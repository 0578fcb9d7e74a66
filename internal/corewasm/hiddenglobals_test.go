package corewasm

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func exportGlobals(t *testing.T, wasm []byte) []byte {
	t.Helper()
	m, err := Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	return addHidden(t, wasm, m, m.HiddenGlobals())
}

// addHidden adds exports to a module that came from wasm.
func addHidden(t *testing.T, wasm []byte, m *Module, list []Export) []byte {
	t.Helper()
	with, err := m.WithExports(list)
	if err != nil {
		t.Fatal(err) // the limits are beyond these inputs
	}
	out, err := AddExports(wasm, list)
	if err != nil {
		t.Fatal(err)
	}
	checkParsed(t, out, with)
	return out
}

// checkParsed checks that m is what Parse makes of a module, but for the names and the place of
// the code.
func checkParsed(t *testing.T, wasm []byte, m *Module) {
	t.Helper()
	want, err := Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	got := *m
	got.Names, want.Names = nil, nil
	got.codeAt, want.codeAt = 0, 0
	if !reflect.DeepEqual(&got, want) {
		t.Errorf("got %+v, want %+v", got, *want)
	}
}

func TestExportGlobals(t *testing.T) {
	type1, imports := section(1, 1, 0x60, 0, 0), section(2, 1, "a", "g", 3, 0x7f, 1)
	globals := section(6, 3, 0x7f, 1, 0x41, 0, 0x0b, 0x7e, 0, 0x42, 0, 0x0b, 0x7c, 1, 0x44, make([]byte, 8), 0x0b)
	custom, name := section(0, "custom", 7, 7), section(0, "name", section(0, "whole"))
	for test, c := range map[string]struct{ from, want []byte }{
		"no exports": {
			module(imports, globals),
			module(imports, globals, section(7, 2, "spin:global:1", 3, 1, "spin:global:3", 3, 3)),
		},
		"an export, and sections around it": {
			module(custom, type1, section(3, 1, 0), custom, globals, custom, section(7, 1, "f", 0, 0), section(8, 0), section(10, 1, 2, 0, 0x0b), name),
			module(custom, type1, section(3, 1, 0), custom, globals, custom,
				section(7, 3, "f", 0, 0, "spin:global:0", 3, 0, "spin:global:2", 3, 2), section(8, 0), section(10, 1, 2, 0, 0x0b), name),
		},
		"no exports, and sections around them": {
			module(custom, imports, custom, section(5, 0), section(13, 0), globals, custom, section(9, 0), section(12, 0), custom, section(11, 0), name),
			module(custom, imports, custom, section(5, 0), section(13, 0), globals,
				section(7, 2, "spin:global:1", 3, 1, "spin:global:3", 3, 3), custom, section(9, 0), section(12, 0), custom, section(11, 0), name),
		},
		"some are exported, one twice": {
			module(globals, section(7, 2, "two", 3, 2, "again", 3, 2)),
			module(globals, section(7, 3, "two", 3, 2, "again", 3, 2, "spin:global:0", 3, 0)),
		},
		"a function has the index": {
			module(type1, section(3, 1, 0), globals, section(7, 2, "0", 0, 0, "2", 3, 2), section(10, 1, 2, 0, 0x0b)),
			module(type1, section(3, 1, 0), globals, section(7, 3, "0", 0, 0, "2", 3, 2, "spin:global:0", 3, 0), section(10, 1, 2, 0, 0x0b)),
		},
		"names are taken": {
			module(globals, section(7, 3, "spin:global:0", 3, 1, "spin:global:0:1", 3, 1, "spin:global:3", 3, 1)),
			module(globals, section(7, 5, "spin:global:0", 3, 1, "spin:global:0:1", 3, 1, "spin:global:3", 3, 1,
				"spin:global:0:2", 3, 0, "spin:global:2", 3, 2)),
		},
		"padded numbers": { // kept, but for the length and the number of the exports
			module(section(5, 1, 0, 1), cat(6, 0x86, 0x80, 0, 1, 0x7f, 1, 0x41, 0, 0x0b), cat(7, 0x87, 0, 0x81, 0x80, 0, "", 2, 0x80, 0)),
			module(section(5, 1, 0, 1), cat(6, 0x86, 0x80, 0, 1, 0x7f, 1, 0x41, 0, 0x0b), section(7, 2, "", 2, 0x80, 0, "spin:global:0", 3, 0)),
		},
		"references": {
			module(section(6, 1, 0x70, 1, 0xd0, 0x70, 0x0b)),
			module(section(6, 1, 0x70, 1, 0xd0, 0x70, 0x0b), section(7, 1, "spin:global:0", 3, 0)),
		},
	} {
		if got := exportGlobals(t, c.from); !bytes.Equal(got, c.want) {
			t.Errorf("%s: got\n%q\nwant\n%q", test, got, c.want)
		}
	}
}

// Nothing to add gives the very bytes.
func TestExportGlobalsNothing(t *testing.T) {
	for name, b := range map[string][]byte{
		"nothing":   module(),
		"constants": module(section(6, 1, 0x7f, 0, 0x41, 0, 0x0b)),
		"imports":   module(section(2, 1, "a", "g", 3, 0x7f, 1)),
		"exported":  module(section(6, 1, 0x7f, 1, 0x41, 0, 0x0b), section(7, 1, "g", 3, 0)),
	} {
		if got := exportGlobals(t, b); &got[0] != &b[0] || len(got) != len(b) {
			t.Errorf("%s: copied", name)
		}
	}
}

// A copy leaves the module alone.
func TestExportGlobalsCopies(t *testing.T) {
	b := everything()
	got := exportGlobals(t, b)
	got[len(header)] ^= 0xff
	if !bytes.Equal(b, everything()) {
		t.Error("the copy shares bytes with the module")
	}
}

func TestExportGlobalsLimit(t *testing.T) {
	limits := DefaultParseLimits()
	mutable := bytes.Repeat([]byte{0x7f, 1, 0x41, 0, 0x0b}, limits.Globals)
	for more, ok := range map[int]bool{0: true, 1: false} {
		exports := cat(uint32(more))
		for range more {
			exports = cat(exports, "f", 0, 0)
		}
		b := module(section(1, 1, 0x60, 0, 0), section(3, 1, 0), section(6, uint32(limits.Globals), mutable), section(7, exports), section(10, 1, 2, 0, 0x0b))
		m, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.WithExports(m.HiddenGlobals())
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), "100001 exports, above the limit of 100000") {
			t.Fatal(more, err)
		}
		if !ok {
			continue
		}
		if m, err = Parse(exportGlobals(t, b)); err != nil || len(m.Exports) != limits.Exports {
			t.Error(err)
		}
	}
}

// checkExported checks that out is wasm with its mutable globals exported.
func checkExported(t *testing.T, wasm, out []byte) {
	t.Helper()
	before, err := Parse(wasm)
	if err != nil {
		t.Fatal(err)
	}
	after, err := Parse(out)
	if err != nil || len(after.Exports) < len(before.Exports) {
		t.Fatal("exports are lost: ", err)
	}
	n := len(before.Exports)
	same := reflect.DeepEqual(before.Imports, after.Imports)
	for i, e := range before.Exports {
		same = same && reflect.DeepEqual(e, after.Exports[i])
	}
	if !same {
		t.Fatal("imports or exports have changed")
	}
	for _, g := range before.MutableGlobals() {
		e, ok := after.Export(g.Name)
		if _, old := before.Export(g.Name); !ok || old == g.Hidden || e.Index != g.Index || e.Type.Kind != Global || e.Type.Global != (GlobalType{g.Type, true}) {
			t.Fatalf("%+v is exported as %+v", g, e)
		}
		if g.Hidden {
			n++
		}
	}
	if n != len(after.Exports) {
		t.Fatalf("%d exports, want %d", len(after.Exports), n)
	}
	if a, b := otherSections(wasm), otherSections(out); !bytes.Equal(a, b) {
		t.Fatal("sections have changed")
	}
}

// otherSections are the bytes of a module without its export section.
func otherSections(wasm []byte) []byte {
	b := append([]byte(nil), wasm[:len(header)]...)
	for r := sectionsOf(wasm); r.left() > 0; {
		if s := r.frame(); s.id != secExport {
			b = append(b, wasm[s.start:s.end]...)
		}
	}
	return b
}

// guestModules are the core modules in the components of the Rust guests.
func guestModules(tb testing.TB) map[string][]byte {
	files, err := filepath.Glob("../../testdata/guests/rust/*.wasm")
	if err != nil || len(files) == 0 {
		tb.Fatal("no guests: ", err)
	}
	modules := map[string][]byte{}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for i, m := range coreModules(b) {
			modules[fmt.Sprint(filepath.Base(file), "/", i)] = m
		}
	}
	return modules
}

// coreModules cuts the core modules out of a component and those nested in it. A core module is
// the only one of itself.
func coreModules(component []byte) (list [][]byte) {
	if component[6] == 0 {
		return [][]byte{component}
	}
	for r := sectionsOf(component); r.left() > 0; {
		s := r.frame()
		switch body := component[s.body:s.end]; s.id {
		case 1: // core module
			list = append(list, body)
		case 4: // component
			list = append(list, coreModules(body)...)
		}
	}
	return list
}

// What compilers make of Rust is resettable, and stays valid when its globals
// are exported.
func TestGuests(t *testing.T) {
	dir := t.TempDir()
	tool, noTool := exec.LookPath("wasm-tools")
	hidden := 0
	for name, wasm := range guestModules(t) {
		globals, err := resettable(t, wasm)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, g := range globals {
			if g.Hidden {
				hidden++
			}
		}
		out := exportGlobals(t, wasm)
		checkExported(t, wasm, out)
		if again, err := resettable(t, out); err != nil || len(again) != len(globals) {
			t.Errorf("%s with its globals exported: %v", name, err)
		}
		if noTool != nil {
			continue
		}
		file := filepath.Join(dir, "module.wasm")
		if err := os.WriteFile(file, out, 0o600); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(tool, "validate", "--features", "all", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
	}
	if hidden == 0 {
		t.Error("no guest has a global to export")
	}
}

// Every guest's modules in one pass.
func BenchmarkResettable(b *testing.B) {
	type guest struct {
		wasm []byte
		m    *Module
	}
	var guests []guest
	var code uint64
	for name, wasm := range guestModules(b) {
		m, err := Parse(wasm)
		if err != nil {
			b.Fatal(name, err)
		}
		guests = append(guests, guest{wasm, m})
		code += m.CodeBytes
	}
	b.SetBytes(int64(code))
	b.ReportAllocs()
	for b.Loop() {
		for _, g := range guests {
			if err := Resettable(g.wasm, g.m); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func FuzzExportGlobals(f *testing.F) {
	f.Add(everything())
	f.Add(module(section(6, 1, 0x7f, 1, 0x41, 0, 0x0b)))
	f.Add(module(section(6, 1, 0x7f, 1, 0x41, 0, 0x0b), section(0, "custom"), section(7, 1, "spin:global:0", 3, 0)))
	f.Add(module(section(2, 1, "a", "g", 3, 0x7f, 1), section(6, 1, 0x7f, 1, 0x41, 0, 0x0b), section(7, 1, "g", 3, 0), section(9, 0)))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		checkExported(t, b, addHidden(t, b, m, m.HiddenGlobals()))
	})
}
