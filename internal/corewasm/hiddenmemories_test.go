package corewasm

import (
	"bytes"
	"slices"
	"testing"
)

func TestExportMemories(t *testing.T) {
	imported := section(2, 1, "a", "m", 2, 0, 1)
	two := section(5, 2, 0, 1, 0, 2)
	for name, c := range map[string]struct {
		from, want []byte
		names      []string // of the memories before
	}{
		"no memories":            {module(), module(), nil},
		"all are exported":       {module(two, section(7, 2, "b", 2, 1, "a", 2, 0)), module(two, section(7, 2, "b", 2, 1, "a", 2, 0)), []string{"a", "b"}},
		"one is imported":        {module(imported, section(7, 1, "m", 2, 0)), module(imported, section(7, 1, "m", 2, 0)), nil},
		"one of each is hidden":  {module(imported, two, section(7, 1, "b", 2, 2)), module(imported, two, section(7, 2, "b", 2, 2, "spin:memory:1", 2, 1)), []string{"", "b"}},
		"nothing is exported":    {module(two, section(12, 0)), module(two, section(7, 2, "spin:memory:0", 2, 0, "spin:memory:1", 2, 1), section(12, 0)), []string{"", ""}},
		"a name is taken":        {module(two, section(7, 2, "spin:memory:0", 2, 1, "x", 2, 1)), module(two, section(7, 3, "spin:memory:0", 2, 1, "x", 2, 1, "spin:memory:0:1", 2, 0)), []string{"", "spin:memory:0"}},
		"globals after memories": {module(two, section(6, 0)), module(two, section(6, 0), section(7, 2, "spin:memory:0", 2, 0, "spin:memory:1", 2, 1)), []string{"", ""}},
	} {
		m, err := Parse(c.from)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := m.MemoryExports(); !slices.Equal(got, c.names) {
			t.Errorf("%s: exported as %q, want %q", name, got, c.names)
		}
		got := addHidden(t, c.from, m, m.HiddenMemories())
		if !bytes.Equal(got, c.want) {
			t.Errorf("%s: got\n%q\nwant\n%q", name, got, c.want)
		}
		with, err := Parse(got)
		if err != nil {
			t.Fatal(name, err)
		}
		if slices.Contains(with.MemoryExports(), "") || len(with.MemoryExports()) != len(m.Memories) {
			t.Errorf("%s: then exported as %q", name, with.MemoryExports())
		}
	}
}

func FuzzExportMemories(f *testing.F) {
	f.Add(everything())
	f.Add(module(section(5, 2, 0, 1, 0, 2), section(7, 1, "spin:memory:0", 2, 1)))
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Parse(b)
		if err != nil {
			return
		}
		if m, err = Parse(addHidden(t, b, m, m.HiddenMemories())); err != nil {
			t.Fatalf("the result is not valid: %v", err)
		}
		if slices.Contains(m.MemoryExports(), "") {
			t.Fatal("a memory is hidden still")
		}
	})
}
