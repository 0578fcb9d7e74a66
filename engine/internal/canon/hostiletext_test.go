package canon

import (
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// checkText takes what lies in a's memory for a string of so many code units, in every
// encoding and in both kinds of memory, and compares with the model what the host and b get.
func checkText(t *testing.T, v *values, data []byte, at uint8, units uint64) {
	t.Helper()
	encodings := []abi.Encoding{abi.UTF8, abi.UTF16, abi.Latin1UTF16}
	vt := v.val("string")
	for form := range 3 * 2 * 3 * 2 {
		v.a.form(encodings[form%3], form/3%2 == 1)
		v.b.form(encodings[form/6%3], form/18 == 1)
		v.reset()
		s := &placed{t: vt, x: "", p: 0}
		copy((*v.mems[v.a.mem])[1024:], data)
		s.f = make(abi.Flat, 2)
		for i, bits := range []uint64{1024 + uint64(at), units} {
			put(s.f, i, ptrType(v.a.wide), bits)
		}
		s.keep(v)

		want, wantErr := v.lifted(s)
		what := fmt.Sprintf("%s: % x, %#x units at %d", v.describe(), data, units, at)
		v.restore(s)
		got, err := v.lift(s)
		compare(t, what, wantErr, err, func() error {
			if !same(got, want) {
				return fmt.Errorf("host got %q, want %q", got, want)
			}
			return nil
		})
		v.restore(s)
		if wantErr == nil {
			if err := v.copy(s, want, form%2 == 0); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			continue
		}
		from := v.source(s)
		to, _, _ := v.target(vt, true)
		v.tree.copyValue(vt, from, to)
		compare(t, what, wantErr, v.tree.src.Err(), func() error { return nil })
		if v.b.allocs = 0; len(v.b.calls) > 0 {
			t.Fatalf("%s: the allocator was called for a string that is refused", what)
		}
	}
}

// FuzzText sends bytes as strings, well formed or not.
func FuzzText(f *testing.F) {
	for _, data := range []string{
		"", "plain text", "é", "e\u0301\u20ac", "\U0001f600", "\xff", "\xc3", "a\x00\xe9\x00", "\x00\xd8", "\x00\xd8\x00\xdc", "\x00\xdc\x00\xd8", "\x00\xd8\x00\xe0",
		"\xac\x20A\x00", "12345678\x80", "1\x002\x003\x004\x00\x80\x00", "\xed\xa0\x80", "\xf4\x90\x80\x80",
	} {
		n := uint64(len(data))
		for _, units := range []uint64{n, n / 2, n/2 | 1<<31, n/2 | 1<<63, n | 1<<31} {
			f.Add([]byte(data), uint8(0), units)
		}
		f.Add([]byte(data), uint8(1), n)
	}
	f.Add([]byte{}, uint8(0), uint64(1<<28))
	f.Add([]byte{}, uint8(0), uint64(1<<27))
	f.Add([]byte{}, uint8(0), uint64(1<<63|1<<62))
	f.Add([]byte{}, uint8(2), uint64(1<<64-1))
	v := newValues(f)
	f.Fuzz(func(t *testing.T, data []byte, at uint8, units uint64) {
		data = data[:min(len(data), 512)]
		checkText(t, v, data, at, units)
	})
}
