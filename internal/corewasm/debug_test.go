package corewasm

import "testing"

func TestCodeOffset(t *testing.T) {
	b := module(section(1, 1, 0x60, 0, 0), section(2, 1, "a", "f", 0, 0), section(3, 2, 0, 0), section(10, 2, 3, 0, 1, 0x0b, 2, 0, 0x0b), section(0, "x", 1, 2), section(0, "x", 3))
	m, err := Parse(b)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		fn      uint32
		off, at uint64
		ok      bool
	}{{0, 0, 0, false}, {1, 0, 2, true}, {1, 2, 4, true}, {1, 3, 0, false}, {2, 0, 6, true}, {2, 1, 7, true}, {2, 1 << 63, 0, false}, {3, 0, 0, false}, {1 << 31, 0, 0, false}} {
		if at, ok := m.CodeOffset(b, c.fn, c.off); ok != c.ok || ok && at != c.at {
			t.Errorf("byte %d of function %d: got %d, %v, want %d, %v", c.off, c.fn, at, ok, c.at, c.ok)
		}
	}
	if _, ok := m.CodeOffset(b[:len(b)-20], 2, 0); ok {
		t.Error("a function that was cut off is found")
	}
	got := Custom(b, "x", "y")
	if string(got[0]) != "\x03" || got[1] != nil {
		t.Errorf("got %q", got)
	}
	for n := range b {
		Custom(b[:n], "x")
	}
}
