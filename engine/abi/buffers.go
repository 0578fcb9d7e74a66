package abi

import "sync/atomic"

// Buffers counts the memory of the host that streams of one guest take, so that a guest cannot
// fill it by opening more and more of them. It is safe for concurrent use.
type Buffers struct {
	used atomic.Int64
	max  int64
}

// Limit bounds the buffers, in bytes; 0 means no bound. It is to be called before they are used.
func (b *Buffers) Limit(max int64) { b.max = max }

// Used is how many bytes are in use.
func (b *Buffers) Used() int64 {
	if b == nil {
		return 0
	}
	return b.used.Load()
}

// buffered is implemented by an Env that counts buffers.
type buffered interface{ Buffers() *Buffers }

// newChunk returns a buffer, which giveBack takes back, or nil if the guest has too many.
func (g *Guest) newChunk() (c *[chunk]byte, from *Buffers) {
	if x, ok := g.env.(buffered); ok {
		from = x.Buffers()
		if n := from.used.Add(chunk); from.max > 0 && n > from.max {
			from.used.Add(-chunk)
			g.Fail(&LimitError{What: "buffers of streams", Limit: from.max, Unit: Bytes, Raise: "engine.InstanceConfig.StreamBuffers"})
			return nil, nil
		}
	}
	return chunks.Get().(*[chunk]byte), from
}

// giveBack counts n buffers as free.
func (b *Buffers) giveBack(n int) {
	if b != nil {
		b.used.Add(-int64(n) * chunk)
	}
}
