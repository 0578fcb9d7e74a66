package abi_test

import (
	"errors"
	"math"
	"math/rand"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// A table gives out the index that became free last, as a stack of free indices would.
func TestTableAgainstModel(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 200 {
		var table abi.Table
		total, limit := 0, 1+r.Intn(12)
		table.Limit(limit, &total)
		used, free, next := map[uint32]uint32{}, []uint32{}, uint32(1)
		for range 100 {
			if i := uint32(r.Intn(14)); r.Intn(2) == 0 {
				_, known := used[i]
				if e, err := table.Get(i, abi.KindFree); (err == nil) != known || known && e.Rep != used[i] {
					t.Fatalf("Get(%d): %v, %v, want %d", i, e, err, used[i])
				}
				if known {
					table.Remove(i)
					delete(used, i)
					free = append(free, i)
				}
				continue
			}
			rep := r.Uint32()
			i, err := table.Add(abi.Entry{Kind: abi.KindResource, Rep: rep})
			if len(used) == limit {
				if !errors.Is(err, abi.ErrTrap) {
					t.Fatalf("Add to a full table: %d, %v", i, err)
				}
				continue
			}
			want := next
			if n := len(free); n > 0 {
				want, free = free[n-1], free[:n-1]
			} else {
				next++
			}
			if err != nil || i != want {
				t.Fatalf("Add: %d, %v, want %d", i, err, want)
			}
			used[i] = rep
		}
		if table.Live() != len(used) || total != len(used) {
			t.Fatalf("%d live, %d in all, want %d", table.Live(), total, len(used))
		}
		dropped := 0
		table.Clear(func(e *abi.Entry) { dropped++ })
		if dropped != len(used) || table.Live() != 0 || total != 0 {
			t.Fatalf("Clear dropped %d of %d; %d live, %d in all", dropped, len(used), table.Live(), total)
		}
	}
}

func TestTablesShareALimit(t *testing.T) {
	var a, b abi.Table
	total := 0
	a.Limit(3, &total)
	b.Limit(3, &total)
	for _, x := range []*abi.Table{&a, &b, &a} {
		if _, err := x.Add(abi.Entry{Kind: abi.KindResource}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Add(abi.Entry{Kind: abi.KindResource}); err == nil {
		t.Error("a fourth entry in tables that share three")
	}
	a.Remove(1)
	if _, err := b.Add(abi.Entry{Kind: abi.KindResource}); err != nil {
		t.Error(err)
	}
}

func TestKindsHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for k := abi.KindFree; k <= abi.KindErrorContext; k++ {
		if s := k.String(); s == "" || seen[s] {
			t.Errorf("kind %d is %q", k, s)
		} else {
			seen[s] = true
		}
	}
}

func TestSlots(t *testing.T) {
	const junk = 0xdeadbeef_00000000
	f := abi.Flat{{junk | 7, junk}, {math.MaxUint64, 0}, {junk | 0x7fa00001, 0}, {0x7ff4000000000001, 0}, {junk | 0x3fc00000, 0}}
	for _, c := range []struct {
		what      string
		got, want uint64
	}{
		{"i32", uint64(f.U32(0)), 7},
		{"i64", f.U64(1), math.MaxUint64},
		{"NaN as f32", uint64(math.Float32bits(f.F32(2))), 0x7fc00000},
		{"NaN as f64", math.Float64bits(f.F64(3)), 0x7ff8000000000000},
		{"f32", uint64(math.Float32bits(f.F32(4))), 0x3fc00000},
		{"bits of a NaN, f32", uint64(abi.F32Bits(math.Float32frombits(0xffc12345))), 0x7fc00000},
		{"bits of a NaN, f64", abi.F64Bits(math.Float64frombits(0xfff8000000012345)), 0x7ff8000000000000},
		{"bits of -0, f32", uint64(abi.F32Bits(float32(math.Copysign(0, -1)))), 0x80000000},
		{"true", uint64(abi.BoolBits(true)), 1},
		{"false", uint64(abi.BoolBits(false)), 0},
		{"character", uint64(abi.CharBits('é')), 0xe9},
		{"no character", uint64(abi.CharBits(-1)), 0xfffd},
		{"surrogate", uint64(abi.CharBits(0xdfff)), 0xfffd},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %#x, want %#x", c.what, c.got, c.want)
		}
	}
	f.Set(0, 5)
	if f.U64(0) != 5 {
		t.Errorf("Set left %#x", f.U64(0))
	}
}
