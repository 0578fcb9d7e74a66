package canon

import "math/rand"

// dice makes choices: from given bytes as long as there are any, which is what a fuzzer
// varies, and then from a generator that those bytes have seeded.
type dice struct {
	data     []byte
	r        *rand.Rand
	channels bool // types may be streams and futures
}

func newDice(data []byte) *dice {
	seed := int64(len(data))
	for _, b := range data {
		seed = seed*31 + int64(b)
	}
	return &dice{data: data, r: rand.New(rand.NewSource(seed))}
}

// seeded makes choices from a generator alone.
func seeded(seed int64) *dice { return &dice{r: rand.New(rand.NewSource(seed))} }

func (d *dice) byte() byte {
	if len(d.data) == 0 {
		return byte(d.r.Intn(256))
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b
}

// below returns a number below n, which is not 0.
func (d *dice) below(n uint64) uint64 {
	v := uint64(d.byte())
	for m := n; m > 256; m >>= 8 {
		v = v<<8 | uint64(d.byte())
	}
	return v % n
}

func (d *dice) int(n int) int { return int(d.below(uint64(n))) }

// one is true once in n times.
func (d *dice) one(n int) bool { return d.int(n) == n-1 }

func (d *dice) u64() (v uint64) {
	for range 8 {
		v = v<<8 | uint64(d.byte())
	}
	return v
}

// pick returns one of its arguments.
func pick[T any](d *dice, of ...T) T { return of[d.int(len(of))] }
