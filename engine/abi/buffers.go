package abi

import (
	"sync"
	"sync/atomic"
)

// The sizes of the buffers between guests and host streams, in bytes: chunk, and large for streams
// of which guest and host move so much that they keep waiting for each other.
const (
	chunk = 64 << 10
	large = 256 << 10
)

var (
	chunks = sync.Pool{New: func() any { return new([chunk]byte) }}
	larges = sync.Pool{New: func() any { return new([large]byte) }}
)

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

// newChunk returns a buffer, which recycle takes back, or nil if the guest has too many.
func (g *Guest) newChunk() (c []byte, from *Buffers) {
	if x, ok := g.env.(buffered); ok {
		from = x.Buffers()
	}
	if !from.take(chunk, 1) {
		g.Fail(&LimitError{What: "buffers of streams", Limit: from.max, Unit: Bytes, Raise: "engine.InstanceConfig.StreamBuffers"})
		return nil, nil
	}
	return chunks.Get().(*[chunk]byte)[:], from
}

// enlarge returns a large buffer in place of c, or c if there is no room for it: at least half of
// what the guest may have is for further streams, to which a buffer is denied only by a trap.
func (b *Buffers) enlarge(c []byte) []byte {
	if len(c) == large || !b.take(large-chunk, 2) {
		return c
	}
	recycle(c)
	return larges.Get().(*[large]byte)[:]
}

// take counts n bytes as used, if no more are then than the limit divided by share. It reports
// whether it has. b may be nil, which has no limit.
func (b *Buffers) take(n, share int64) bool {
	if b == nil {
		return true
	}
	if used := b.used.Add(n); b.max > 0 && used > b.max/share {
		b.used.Add(-n)
		return false
	}
	return true
}

// release counts n bytes as free.
func (b *Buffers) release(n int) {
	if b != nil {
		b.used.Add(-int64(n))
	}
}

// recycle keeps a buffer for others; nil is none. It returns nil.
func recycle(c []byte) []byte {
	switch len(c) {
	case chunk:
		chunks.Put((*[chunk]byte)(c))
	case large:
		larges.Put((*[large]byte)(c))
	}
	return nil
}
