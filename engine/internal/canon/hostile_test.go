package canon

import (
	"errors"
	"fmt"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/types"
)

// spoil changes what a guest has lowered: bits, pointers, lengths, discriminants.
func (d *dice) spoil(v *values, p, size uint32, f abi.Flat) {
	mem := *v.mems[v.a.mem]
	edge := func() uint64 {
		return pick[uint64](d, 0, 1, 2, 3, 4, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0xd800, 0xffff, 0x110000, memorySize-8, memorySize-1,
			memorySize, memorySize+1, 1<<28-1, 1<<28, 1<<31-1, 1<<31, 1<<32-8, 1<<32-1)
	}
	for range 1 + d.int(4) {
		if f != nil && d.one(2) {
			i := d.int(len(f))
			f[i][0] = pick(d, edge(), d.u64(), f[i][0]^1<<d.int(64))
			continue
		}
		at := 1024 + uint32(d.int(int(max(v.a.heap, 1025)-1024)))
		if size > 0 && d.one(2) {
			at = p + uint32(d.int(int(size)))
		}
		switch {
		case d.one(2):
			at &^= 3
			x := edge()
			for i := range uint32(4) {
				if at+i < uint32(len(mem)) {
					mem[at+i] = byte(x >> (8 * i))
				}
			}
		case at < uint32(len(mem)):
			mem[at] = d.byte()
		}
	}
}

// checkHostile lifts and copies a spoiled value: the outcome is that of the model, be it a
// failure, and never a panic.
func checkHostile(t *testing.T, v *values, d *dice) {
	t.Helper()
	vt := d.randomType(v.world, 1+d.int(4))
	x := d.randomValue(vt)
	srcFlat := len(flatOf(vt)) <= types.MaxFlat && d.one(2)
	dstFlat := len(flatOf(vt)) <= types.MaxFlat && d.one(2)
	v.reset()
	var p uint32
	var f abi.Flat
	place := func() error {
		var err error
		p, f, err = v.place(vt, x, nil, srcFlat)
		return err
	}
	if place() != nil {
		return // too large for the memory
	}
	d.spoil(v, p, sizeOf(vt), f)
	image, slots, heap := append([]byte(nil), *v.mems[v.a.mem]...), append(abi.Flat(nil), f...), v.a.heap
	restore := func() { // handles too: the model and the engine take them
		v.reset()
		_ = place()
		copy(*v.mems[v.a.mem], image)
		copy(f, slots)
		v.a.heap = heap
	}

	restore()
	var want any
	m := v.model(v.a, nil)
	wantErr := catch(func() {
		if srcFlat {
			bits := make([]uint64, len(f))
			for i, ft := range flatOf(vt) {
				bits[i] = mask(ft, f[i][0])
			}
			want = m.liftFlat(vt, &bits)
			return
		}
		want = m.load(vt, p)
	})

	restore()
	got := v.tree.liftAny(vt, v.source(p, f))
	compare(t, fmt.Sprintf("lift of %s, flat %v", vt, srcFlat), wantErr, v.tree.src.Err(), func() error {
		if !same(got, want) {
			return fmt.Errorf("got %v, want %v", got, want)
		}
		return nil
	})
	if wantErr == errSteps {
		return
	}

	restore()
	from := v.source(p, f)
	to, q, g := v.target(vt, dstFlat)
	var err error
	if trap := catchTrap(func() { v.tree.copyValue(vt, from, to) }); trap != nil {
		return // b has no memory for so much
	}
	if err = v.tree.dst.Err(); err != nil {
		return
	}
	compare(t, fmt.Sprintf("copy of %s, flat %v to flat %v", vt, srcFlat, dstFlat), wantErr, v.tree.src.Err(), func() error {
		return v.received(vt, want, q, g)
	})
}

// catchTrap runs what may trap in b's allocator.
func catchTrap(f func()) (trap error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case guestTrap:
			trap = r.err
		default:
			panic(r)
		}
	}()
	f()
	return nil
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
	for seed := range 20_000 {
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
