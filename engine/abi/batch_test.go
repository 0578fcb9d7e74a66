package abi_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// batchEnv is an env that allocates several blocks at once and notes how it was asked.
type batchEnv struct {
	*env
	room   [4]abi.Block
	single []uint32 // sizes that were allocated one by one
	fail   error
}

func (e *batchEnv) Blocks() []abi.Block { return e.room[:] }

func (e *batchEnv) Allocate(fn int32, n int) error {
	for i := range e.room[:n] {
		b := &e.room[i]
		var err error
		if b.Ptr, err = e.env.Realloc(fn, 0, 0, b.Align, b.Size); err != nil {
			return err
		}
	}
	return e.fail
}

func (e *batchEnv) Realloc(fn int32, old, oldSize, align, size uint32) (uint32, error) {
	e.single = append(e.single, size)
	return e.env.Realloc(fn, old, oldSize, align, size)
}

func TestBatch(t *testing.T) {
	tests := map[string]struct {
		texts  []string
		single []uint32
	}{
		"in one":           {[]string{"a", "bcd"}, nil},
		"more than fit":    {[]string{"a", "bc", "def", "ghij", "klmno"}, []uint32{4, 5}},
		"not UTF-8":        {[]string{"a\xff"}, nil},
		"nothing in it":    {nil, []uint32{0}},
		"of empty strings": {[]string{"", ""}, nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := &batchEnv{env: newEnv(256)}
			var g abi.Guest
			g.Reset(e, abi.Options{}, nil, nil, nil)
			b := g.Batch()
			b.List(len(test.texts), 8, 4)
			for _, s := range test.texts {
				b.String(s)
			}
			b.Allocate()
			p, _ := g.LowerList(len(test.texts), 8, 4)
			for i, s := range test.texts {
				g.StoreString(p+uint32(i)*8, s)
			}
			if g.Err() != nil || !slices.Equal(e.single, test.single) {
				t.Fatalf("%v, one by one: %v", g.Err(), e.single)
			}
			for i, s := range test.texts {
				want := strings.ToValidUTF8(s, "\uFFFD")
				if got := g.LoadString(p + uint32(i)*8); got != want {
					t.Errorf("%q, not %q", got, want)
				}
			}
		})
	}
}

func TestBatchThatFails(t *testing.T) {
	tests := map[string]func(e *batchEnv, g *abi.Guest){
		"in the allocator": func(e *batchEnv, g *abi.Guest) {
			e.fail = errNoMemory
			b := g.Batch()
			b.Bytes([]byte("one"))
			b.Bytes([]byte("two"))
			b.Allocate()
		},
		"for too little memory": func(e *batchEnv, g *abi.Guest) {
			b := g.Batch()
			b.Bytes([]byte("one"))
			b.Bytes(bytes.Repeat([]byte("x"), 1000))
			b.Allocate()
		},
		"because other things are lowered": func(e *batchEnv, g *abi.Guest) {
			b := g.Batch()
			b.Bytes([]byte("one"))
			b.Bytes([]byte("two"))
			b.Allocate()
			g.LowerString("three")
		},
	}
	for name, f := range tests {
		t.Run(name, func(t *testing.T) {
			e := &batchEnv{env: newEnv(256)}
			var g abi.Guest
			g.Reset(e, abi.Options{}, nil, nil, nil)
			if f(e, &g); g.Err() == nil {
				t.Error("no error")
			}
		})
	}
}
