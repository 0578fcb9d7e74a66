package abitest

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// typeOf parses a type; the definitions are there for it to use.
func typeOf(t *testing.T, text string) wit.Type {
	t.Helper()
	set, err := wit.Parse("x.wit", `package a:b;
interface i {
  record mixed { a: u8, b: u64, c: u16 }
  variant v { none, small(u8), wide(u64), real(f32) }
  variant f { i(u32), r(f32) }
  flags nine { a, b, c, d, e, f, g, h, i }
  flags seventeen { a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q }
  enum e { x, y }
  type t = `+text+`;
}`)
	if err != nil {
		t.Fatal(err)
	}
	return set.Root.Interfaces[0].Type("t")
}

// Layouts computed by hand from the text of the Canonical ABI.
func TestLayouts(t *testing.T) {
	for _, test := range []struct {
		text        string
		size, align uint32
		flat        []core
	}{
		{"bool", 1, 1, []core{"i32"}},
		{"char", 4, 4, []core{"i32"}},
		{"s64", 8, 8, []core{"i64"}},
		{"string", 8, 4, []core{"i32", "i32"}},
		{"list<u64>", 8, 4, []core{"i32", "i32"}},
		{"map<u8, u8>", 8, 4, []core{"i32", "i32"}},
		{"mixed", 24, 8, []core{"i32", "i64", "i32"}},
		{"tuple<u8, u16, u8>", 6, 2, []core{"i32", "i32", "i32"}},
		{"v", 16, 8, []core{"i32", "i64"}},
		{"f", 8, 4, []core{"i32", "i32"}},
		{"option<v>", 24, 8, []core{"i32", "i32", "i64"}},
		{"result<f64, string>", 16, 8, []core{"i32", "i64", "i32"}},
		{"result", 1, 1, []core{"i32"}},
		{"e", 1, 1, []core{"i32"}},
		{"nine", 2, 2, []core{"i32"}},
		{"seventeen", 4, 4, []core{"i32"}},
		{"stream<u8>", 4, 4, []core{"i32"}},
	} {
		x := typeOf(t, test.text)
		if size, align := Layout(x); size != test.size || align != test.align {
			t.Errorf("%s has %d bytes, aligned to %d, not %d, %d", test.text, size, align, test.size, test.align)
		}
		if got := flatten(x); !slices.Equal(got, test.flat) {
			t.Errorf("%s is flattened to %v, not %v", test.text, got, test.flat)
		}
	}
}

// The model lifts what it has lowered, in memory and as core values.
func TestModel(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, text := range []string{"tuple<mixed, v, f, nine, seventeen, e>", "list<tuple<string, option<list<s8>>>>", "result<map<char, f32>, s16>", "tuple<bool, f64, s32, s64>"} {
		x := typeOf(t, text)
		for range 50 {
			e := NewEnv()
			v := e.Random(r, x)
			p := e.Write(make([]byte, elemSize(x)), alignment(x))
			e.Store(x, v, p)
			if got := e.Load(x, p); !reflect.DeepEqual(got, v) {
				t.Fatalf("%s: %v is loaded as %v", text, v, got)
			}
			flat := e.LowerFlat(x, v)
			if got := e.LiftFlat(x, &flat); !reflect.DeepEqual(got, v) || len(flat) > 0 {
				t.Fatalf("%s: %v is lifted as %v, and %v is left", text, v, got, flat)
			}
		}
	}
}

// A record in memory, byte for byte.
func TestStore(t *testing.T) {
	e := NewEnv()
	x := typeOf(t, "mixed")
	p := e.Write(make([]byte, 24), 8)
	e.Store(x, []any{uint64(1), uint64(0x0203040506070809), uint64(0x0a0b)}, p)
	want := []byte{1, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 6, 5, 4, 3, 2, 0x0b, 0x0a, 0, 0, 0, 0, 0, 0}
	if got := e.Bytes()[p:]; !slices.Equal(got, want) {
		t.Errorf("got %x, not %x", got, want)
	}
}
