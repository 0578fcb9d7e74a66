package abi

// An Allocator is an Env that can call the guest's allocator several times at once, which
// takes less time than one call after the other. The engine's is one.
type Allocator interface {
	// Blocks is where Allocate finds what to allocate and leaves the addresses.
	Blocks() []Block
	// Allocate calls allocator fn for each of the first n blocks, in their order.
	Allocate(fn int32, n int) error
}

// Block is a piece of memory that a guest is to allocate.
type Block struct{ Size, Align, Ptr uint32 }

// Batch announces the allocations that lowering a value takes, so that they are made at once:
// whoever lowers it announces all of them first, in the order in which they come, then calls
// Allocate, then lowers it as usual. What does not fit into a batch is allocated one by one.
type Batch struct {
	g      *Guest
	blocks []Block // with room for more
}

// Batch begins a batch. It stays empty where strings are not in UTF-8, whose allocations depend
// on what the strings hold, and where it is not a guest's allocator that is called.
func (g *Guest) Batch() (b Batch) {
	if g.opts.Encoding != UTF8 || g.opts.Realloc < 0 {
		return b
	}
	if a, ok := g.env.(Allocator); ok && g.err == nil {
		b.g, b.blocks = g, a.Blocks()[:0]
	}
	return b
}

// List announces a list of n elements.
func (b *Batch) List(n int, size, align uint32) { b.add(uint64(n)*uint64(size), align) }

// Bytes announces a list<u8>.
func (b *Batch) Bytes(v []byte) { b.add(uint64(len(v)), 1) }

// String announces a string.
func (b *Batch) String(s string) {
	b.add(uint64(len(validUTF8(s))), 1)
}

func (b *Batch) add(size uint64, align uint32) {
	switch {
	case len(b.blocks) == cap(b.blocks):
	case size > 1<<32-1: // let Alloc say so
		b.blocks = b.blocks[:len(b.blocks):len(b.blocks)]
	default:
		b.blocks = append(b.blocks, Block{Size: uint32(size), Align: align})
	}
}

// Allocate has the guest allocate what was announced.
func (b *Batch) Allocate() {
	if len(b.blocks) < 2 {
		return
	}
	err := b.g.env.(Allocator).Allocate(b.g.opts.Realloc, len(b.blocks))
	b.g.Refresh()
	if err != nil {
		b.g.Fail(err)
		return
	}
	b.g.blocks = b.blocks
}

// allocated takes the next block of a batch that has one.
func (g *Guest) allocated(size, align uint32) uint32 {
	b := g.blocks[0]
	g.blocks = g.blocks[1:]
	if b.Size != size || b.Align != align {
		g.Trapf("host announced %d bytes and lowers %d", b.Size, size)
		return 0
	}
	return b.Ptr
}
