package random

import (
	"context"
	"crypto/rand"
	"encoding/binary"

	"github.com/spinhost/spin/engine/abi"
	p2random "github.com/spinhost/spin/hostapi/wasi/p2/random"
	p3random "github.com/spinhost/spin/hostapi/wasi/p3/random"
)

// MaxBytes is how many bytes one call returns at most. More is a mistake that ends the guest
// in WASI 0.2, and gives MaxBytes in 0.3.
const MaxBytes = 64 << 20

func read(n uint64) []byte {
	p := make([]byte, n)
	rand.Read(p) // never fails
	return p
}

func number() uint64 {
	var p [8]byte
	rand.Read(p[:])
	return binary.LittleEndian.Uint64(p[:])
}

// p2 implements random and insecure of WASI 0.2.
type p2 struct{}

var (
	_ p2random.Random   = p2{}
	_ p2random.Insecure = p2{}
)

func (p2) GetRandomBytes(_ context.Context, n uint64) ([]byte, error) {
	if n > MaxBytes {
		return nil, abi.Trapf("%d random bytes were asked for at once; the limit is %d", n, MaxBytes)
	}
	return read(n), nil
}

func (p2) GetInsecureRandomBytes(ctx context.Context, n uint64) ([]byte, error) {
	return p2{}.GetRandomBytes(ctx, n)
}

func (p2) GetRandomU64(context.Context) (uint64, error)         { return number(), nil }
func (p2) GetInsecureRandomU64(context.Context) (uint64, error) { return number(), nil }

// p3 implements random and insecure of WASI 0.3.
type p3 struct{}

var (
	_ p3random.Random   = p3{}
	_ p3random.Insecure = p3{}
)

func (p3) GetRandomBytes(_ context.Context, n uint64) ([]byte, error) {
	return read(min(n, MaxBytes)), nil
}

func (p3) GetInsecureRandomBytes(ctx context.Context, n uint64) ([]byte, error) {
	return p3{}.GetRandomBytes(ctx, n)
}

func (p3) GetRandomU64(context.Context) (uint64, error)         { return number(), nil }
func (p3) GetInsecureRandomU64(context.Context) (uint64, error) { return number(), nil }

// seed implements insecure-seed of both WASI versions.
type seed abi.Tuple2[uint64, uint64]

var (
	_ p2random.InsecureSeed = seed{}
	_ p3random.InsecureSeed = seed{}
)

func newSeed() seed { return seed{number(), number()} }

func (s seed) InsecureSeed(context.Context) (abi.Tuple2[uint64, uint64], error) {
	return abi.Tuple2[uint64, uint64](s), nil
}

func (s seed) GetInsecureSeed(ctx context.Context) (abi.Tuple2[uint64, uint64], error) {
	return s.InsecureSeed(ctx)
}
