package dwarfline

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
)

// cat joins bytes (int), 32-bit numbers (uint32) and strings, which end with a zero.
func cat(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, p)
		case string:
			b = append(append(b, p...), 0)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

// table makes a table of a version with what follows opcode_base's lengths, and a program.
func table(version int, tables, program []byte) []byte {
	lengths := []byte{0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1}
	header := cat(1) // min_inst_length
	if version >= 4 {
		header = cat(header, 1)
	}
	header = cat(header, 1, 0xfb /* -5 */, 14, 13, lengths, tables)
	body := cat(version, 0)
	if version == 5 {
		body = cat(body, 4, 0)
	}
	body = cat(body, uint32(len(header)), header, program)
	return cat(uint32(len(body)), body)
}

// program is lines 10, 11 and 30 of file 1 at 0x100, 0x104 and 0x110, up to 0x120, with a
// sequence before that the linker has thrown away.
var program = cat(
	0, 5, 2, uint32(0), 3, 1, 1, 2, 0xff, 0x7f, 0, 1, 1, // at 0, line 2, advance by much, the end
	0, 5, 2, uint32(0x100), 3, 9, 1, // at 0x100, line 10
	13+5+1+4*14, // special: 4 on, 1 line on
	5, 7,        // column
	9, 12, 0, 3, 19, 1, // 12 on, 19 lines on
	2, 16, 0, 1, 1, // 16 on, the end
)

var old = cat("dir", "other", 0, "a.c", 1, 0, 0, "b.c", 0, 0, 0, 0)

var five = cat(1, contentPath, formLineStrp, 2, uint32(1), uint32(7), // directories
	3, contentPath, formString, contentDirectory, formUdata, 5, formData16, 2, // files
	"x.c", 0, make([]byte, 16), "a.c", 1, make([]byte, 16))

// below has a directory, the second, that lies in that of the compilation, the first.
var below = cat(1, contentPath, formLineStrp, 2, uint32(1), uint32(15), // directories
	2, contentPath, formString, contentDirectory, formUdata, 2, "x.c", 0, "a.c", 1) // files

func TestFind(t *testing.T) {
	s := Sections{LineStr: []byte("\x00first\x00/second\x00third\x00")}
	for name, c := range map[string]struct {
		line []byte
		file string
	}{
		"version 2":                    {table(2, old, program), "dir/a.c"},
		"version 3":                    {table(3, old, program), "dir/a.c"},
		"version 4":                    {table(4, old, program), "dir/a.c"},
		"version 5":                    {table(5, five, program), "/second/a.c"},
		"a directory below another":    {table(5, below, program), "first/third/a.c"},
		"the second of two":            {cat(table(4, old, cat(0, 5, 2, uint32(0x200), 1, 2, 4, 0, 1, 1)), table(5, five, program)), "/second/a.c"},
		"after one of another version": {cat(table(6, nil, nil), table(4, old, program)), "dir/a.c"},
	} {
		s.Line = c.line
		offsets := []uint64{0x110, 0x100, 0x103, 0x104, 0x10f, 0x11f, 0x120, 0xff, 0, 5}
		want := []int{30, 10, 10, 11, 11, 30, 0, 0, 0, 0}
		for i, p := range Find(s, offsets) {
			if p.Line != want[i] || want[i] != 0 && p.File != c.file {
				t.Errorf("%s: %#x is at %v, want line %d of %s", name, offsets[i], p, want[i], c.file)
			}
		}
	}
}

// What is broken is not found, and nothing else happens.
func TestGarbage(t *testing.T) {
	whole := table(5, five, program)
	for n := range whole {
		cut := whole[:n]
		Find(Sections{Line: cut}, []uint64{0x100})
		for _, v := range []byte{0, 1, 0x7f, 0x80, 0xff} {
			b := append([]byte(nil), whole...)
			b[n] = v
			Find(Sections{Line: b, LineStr: []byte("x")}, []uint64{0x100})
		}
	}
	// Entries that take no room, in any number.
	endless := table(5, cat(0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 0, 0xff, 0xff, 0xff, 0xff, 0x7f), program)
	if p := Find(Sections{Line: endless}, []uint64{0x100}); p[0].Line != 0 {
		t.Errorf("got %v", p)
	}
	if p := Find(Sections{Line: make([]byte, MaxSize+1)}, []uint64{0x100}); p[0].Line != 0 {
		t.Errorf("got %v", p)
	}
	long := table(4, cat(0, strings.Repeat("x", 5000), 0, 0, 0, 0), program)
	if p := Find(Sections{Line: long}, []uint64{0x100}); len(p[0].File) > maxName {
		t.Errorf("a name of %d bytes", len(p[0].File))
	}
}

func FuzzDWARF(f *testing.F) {
	for v := 2; v <= 5; v++ {
		tables := old
		if v == 5 {
			tables = five
		}
		f.Add(table(v, tables, program), []byte("\x00first\x00/second\x00"), uint32(0x104))
	}
	f.Fuzz(func(t *testing.T, line, str []byte, at uint32) {
		for _, p := range Find(Sections{Line: line, LineStr: str, Str: str}, []uint64{uint64(at), 0x100}) {
			if len(p.File) > 2*maxName+1 || p.Line < 0 {
				t.Fatalf("got %d bytes, line %d", len(p.File), p.Line)
			}
		}
	})
}

func ExampleFind() {
	s := Sections{Line: table(4, old, program)}
	for _, p := range Find(s, []uint64{0x104, 0x500}) {
		fmt.Println(p.File, p.Line)
	}
	// Output:
	// dir/a.c 11
	//  0
}
