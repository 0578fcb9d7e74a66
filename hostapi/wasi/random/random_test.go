package random_test

import (
	"errors"
	"math"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/guesttest"
	"github.com/spinhost/spin/hostapi/wasi/random"
)

// versions are the packages, with what the function of the seed is called in each.
var versions = []struct{ version, seed string }{
	{"0.2.12", "insecure-seed"},
	{"0.3.0", "get-insecure-seed"},
	{"0.3.0-rc-2026-03-15", "get-insecure-seed"},
}

func newGuest(t *testing.T) *guesttest.Guest {
	return guesttest.New(t, new(hostapi.Scope), random.Interfaces())
}

// bytesFuncs are the functions that return bytes.
func bytesFuncs(version string) []string {
	return []string{
		"wasi:random/random@" + version + "#get-random-bytes",
		"wasi:random/insecure@" + version + "#get-insecure-random-bytes",
	}
}

func TestBytesHaveTheLengthAskedFor(t *testing.T) {
	g := newGuest(t)
	for _, v := range versions {
		for _, f := range bytesFuncs(v.version) {
			seen := map[string]bool{}
			for _, n := range []uint64{0, 1, 16, 16, 16, 70_000} {
				p, err := g.Load(f, n)
				text := g.Text(p)
				if err != nil || len(text) != int(n) {
					t.Errorf("%s(%d) = %d bytes, %v", f, n, len(text), err)
				}
				if n == 16 && seen[text] {
					t.Errorf("%s repeats itself: %x", f, text)
				}
				seen[text] = true
			}
		}
	}
}

func TestNumbersDiffer(t *testing.T) {
	g := newGuest(t)
	seen := map[uint64]bool{}
	for _, v := range versions {
		for _, f := range []string{
			"wasi:random/random@" + v.version + "#get-random-u64",
			"wasi:random/insecure@" + v.version + "#get-insecure-random-u64",
		} {
			for range 20 {
				n, err := g.Call(f)
				if err != nil || seen[n] {
					t.Errorf("%s = %d, %v, seen before: %v", f, n, err, seen[n])
				}
				seen[n] = true
			}
		}
	}
}

func TestMoreThanTheLimitTrapsInP2(t *testing.T) {
	g := newGuest(t)
	for _, f := range bytesFuncs("0.2.12") {
		for _, n := range []uint64{random.MaxBytes + 1, math.MaxUint32 + 1, math.MaxInt64 + 1, math.MaxUint64} {
			if _, err := g.Load(f, n); !errors.Is(err, abi.ErrTrap) {
				t.Errorf("%s(%d) = %v, want a trap", f, n, err)
			}
		}
	}
}

func TestMoreThanTheLimitIsCutInP3(t *testing.T) {
	for _, n := range []uint64{random.MaxBytes, random.MaxBytes + 1, math.MaxUint64} {
		g := newGuest(t)
		p, err := g.Load("wasi:random/random@0.3.0#get-random-bytes", n)
		if k := g.U32(p + 4); err != nil || k != random.MaxBytes {
			t.Errorf("get-random-bytes(%d) = %d bytes, %v, want %d", n, k, err, random.MaxBytes)
		}
	}
}

func TestTheInsecureSeedStaysTheSame(t *testing.T) {
	for _, v := range versions {
		f := "wasi:random/insecure-seed@" + v.version + "#" + v.seed
		read := func(g *guesttest.Guest) [2]uint64 {
			p, err := g.Load(f)
			if err != nil {
				t.Fatal(err)
			}
			return [2]uint64{g.U64(p), g.U64(p + 8)}
		}
		a, b := newGuest(t), newGuest(t)
		first := read(a)
		if again := read(a); again != first {
			t.Errorf("%s changes from %x to %x", f, first, again)
		}
		if other := read(b); other == first {
			t.Errorf("%s is %x in two components", f, first)
		}
	}
}

func BenchmarkGetRandomU64(b *testing.B) {
	g := guesttest.New(b, new(hostapi.Scope), random.Interfaces())
	for b.Loop() {
		if _, err := g.Call("wasi:random/random@0.2.12#get-random-u64"); err != nil {
			b.Fatal(err)
		}
	}
}
