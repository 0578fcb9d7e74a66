package canon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// spoil changes what a guest has lowered: bits, pointers, lengths, discriminants.
func (d *dice) spoil(v *values, s *placed) {
	mem := *v.mems[v.a.mem]
	edge := func() uint64 {
		return pick[uint64](d, 0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0xd800, 0xdc00, 0xffff, 0x110000, valuesMemory-8, valuesMemory-1,
			valuesMemory, valuesMemory+1, 1<<28-1, 1<<28, 1<<31-1, 1<<31, 1<<31|1, 1<<31|2, 1<<32-8, 1<<32-1,
			1<<32, 1<<60, 1<<61, 1<<63, 1<<63|1, 1<<63|2, 1<<64-8, 1<<64-1)
	}
	size := sizeOf(s.t, v.a.wide)
	for range 1 + d.int(4) {
		if s.f != nil && d.one(2) {
			i := d.int(len(s.f))
			s.f[i][0] = pick(d, edge(), d.u64(), s.f[i][0]^1<<d.int(64))
			continue
		}
		at := 1024 + uint64(d.int(int(max(v.a.heap, 1025)-1024)))
		if s.f == nil && d.one(2) {
			at = s.p + uint64(d.int(int(size)))
		}
		switch {
		case d.one(2):
			width := ptrSize(v.a.wide)
			at &^= width - 1
			x := edge()
			for i := range width {
				if at+i < uint64(len(mem)) {
					mem[at+i] = byte(x >> (8 * i))
				}
			}
		case at < uint64(len(mem)):
			mem[at] = d.byte()
		}
	}
	s.keep(v)
}

// checkHostile lifts and copies a spoiled value: the outcome is that of the model, be it a
// failure, and never a panic.
func checkHostile(t *testing.T, v *values, d *dice) {
	t.Helper()
	v.forms(d)
	d.channels = d.one(4)
	vt := d.randomType(v.world, 1+d.int(4))
	flattens := len(flatOf(vt, false)) <= types.MaxFlat
	srcFlat, dstFlat := flattens && d.one(2), flattens && d.one(2)
	s, err := v.place(vt, d.randomValue(vt), d, srcFlat)
	if err != nil {
		return // too large for the memory
	}
	d.spoil(v, s)

	v.restore(s)
	want, wantErr := v.lifted(s)
	what := fmt.Sprintf("%s: lift of %s, flat %v", v.describe(), vt, srcFlat)
	if !hasChannel(vt) {
		v.restore(s)
		got, err := v.lift(s)
		compare(t, what, wantErr, err, func() error {
			if !same(got, want) {
				return fmt.Errorf("got %v, want %v", got, want)
			}
			return nil
		})
	}
	if wantErr == errSteps {
		return
	}

	what = fmt.Sprintf("%s: copy of %s, flat %v to flat %v", v.describe(), vt, srcFlat, dstFlat)
	v.restore(s)
	if wantErr == nil {
		_, _ = v.lifted(s) // takes the handles
		if err := v.copy(s, want, dstFlat); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		return
	}
	from := v.source(s)
	to, _, _ := v.target(vt, dstFlat)
	v.tree.copyValue(vt, from, to)
	if v.tree.dst.Err() != nil {
		return // b has no memory for so much
	}
	compare(t, what, wantErr, v.tree.src.Err(), func() error { return nil })
}

func compare(t *testing.T, what string, want, got error, value func() error) {
	t.Helper()
	switch {
	case want == errSteps:
	case (want == nil) != (got == nil):
		t.Fatalf("%s: error %v, want %v", what, got, want)
	case got != nil && !errors.Is(got, abi.ErrTrap):
		t.Fatalf("%s: %v is no trap", what, got)
	case got == nil:
		if err := value(); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
}

func TestHostileValues(t *testing.T) {
	v := newValues(t)
	for seed := range 10_000 {
		checkHostile(t, v, seeded(int64(seed)))
		if seed%100 == 0 {
			v.arena = types.Arena{}
		}
	}
}

// FuzzHostileValues is TestHostileValues for the fuzzer's choices.
func FuzzHostileValues(f *testing.F) {
	for i := range 20 {
		f.Add([]byte{byte(i), byte(i * 7), 16, 19, 18, byte(i)})
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkHostile(t, newValues(t), newDice(data)) })
}

// The bytes of a list of lists are copied as often as the list says; lists that share their
// bytes must not make the host copy without end.
func TestCopyOfSharedBytesIsBounded(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	const inner, outer = 1 << 20, 1 << 13 // 2^33 bytes
	mem := make([]byte, 8*outer+inner)
	w.mems[a.mem] = &mem
	big := make([]byte, 2<<20)
	w.mems[b.mem] = &big
	b.realloc = func(*guest, uint32, uint32, uint32, uint32) uint32 { return 0 } // the same place for all
	op := a.lower(b.lift("func(x:list<list<u8>>)", zero), false)
	l := a.lift("func()", func(g *guest, _ []uint64) uint64 {
		for i := range uint64(outer) {
			g.putU32(8*i, 8*outer)
			g.putU32(8*i+4, inner)
		}
		return g.call(op, 0, outer)
	})
	w.start().traps("bytes", l)
}

// A copy of many values ends soon after its tree was killed.
func TestCopyEndsWithItsTree(t *testing.T) {
	w := newWorld(t)
	a, b := w.component("a", nil), w.component("b", nil)
	killed := errors.New("killed")
	b.realloc = func(g *guest, _, _, align, size uint32) uint32 {
		w.tree.Kill(killed)
		return g.c.bump(size, align)
	}
	op := a.lower(b.lift("func(x:list<string>)", zero), false)
	l := a.lift("func()", func(g *guest, _ []uint64) uint64 { return g.call(op, 2048, 1000) })
	if _, err := w.start().call(l); !errors.Is(err, killed) {
		t.Errorf("got %v", err)
	}
	if b.allocs > 2 {
		t.Errorf("the allocator was called %d times", b.allocs)
	}
}
