package abi

// LowerText copies a string of another guest into memory that this one allocates, in its own
// encoding, with the calls of its allocator that the Canonical ABI prescribes
// (store_string_into_range). The length that it returns is tagged if it has to be. This is the
// engine's part; the other guest's memory must not be the same.
func (g *Guest) LowerText(t Text) (ptr, units uint64) {
	n := t.units()
	switch g.opts.Encoding {
	case UTF16:
		if t.From == UTF8 {
			ptr, units = g.storeUTF16(t, n)
		} else {
			ptr, units = g.storeExact(t, 2*n), n
		}
	case Latin1UTF16:
		switch {
		case t.From != Latin1UTF16:
			ptr, units = g.storeLatin1OrUTF16(t, n)
		case t.Wide:
			ptr, units = g.storeProbablyUTF16(t, n)
		default:
			ptr, units = g.storeExact(t, n), n
		}
	default:
		switch {
		case t.From == UTF8:
			ptr, units = g.AllocAddr(n, 1), n
			if g.err == nil {
				copy(g.mem[ptr:], t.Bytes)
			}
		case t.Wide:
			ptr, units = g.storeUTF8(t, n, 3*n)
		default:
			ptr, units = g.storeUTF8(t, n, 2*n)
		}
	}
	if g.err != nil {
		return 0, 0
	}
	return ptr, units
}

// at is the room of size bytes at ptr, with nothing in it yet.
func (g *Guest) at(ptr, size uint64) []byte { return g.mem[ptr : ptr : ptr+size] }

// storeExact stores a text whose units are copied or widened (store_string_copy).
func (g *Guest) storeExact(t Text, size uint64) uint64 {
	ptr := g.AllocAddr(size, 2)
	switch {
	case g.err != nil:
	case size == uint64(len(t.Bytes)):
		copy(g.mem[ptr:], t.Bytes)
	default:
		t.appendUTF16(g.at(ptr, size))
	}
	return ptr
}

// storeUTF8 stores a text of n units that takes worst bytes at most (store_string_to_utf8).
func (g *Guest) storeUTF8(t Text, n, worst uint64) (ptr, units uint64) {
	ptr = g.AllocAddr(n, 1)
	if g.err != nil {
		return 0, 0
	}
	ascii := t.asciiPrefix()
	head, rest := t, t.skip(ascii)
	head.Bytes = t.Bytes[:len(t.Bytes)-len(rest.Bytes)]
	head.appendUTF8(g.at(ptr, n))
	if len(rest.Bytes) == 0 {
		return ptr, n
	}
	if ptr = g.Reallocate(ptr, n, 1, worst); g.err != nil {
		return 0, 0
	}
	out := rest.appendUTF8(g.at(ptr, worst)[:ascii])
	units = uint64(len(out))
	if units < worst {
		ptr = g.Reallocate(ptr, worst, 1, units)
	}
	return ptr, units
}

// storeUTF16 stores a text of n bytes in UTF-8 (store_utf8_to_utf16).
func (g *Guest) storeUTF16(t Text, n uint64) (ptr, units uint64) {
	ptr = g.AllocAddr(2*n, 2)
	if g.err != nil {
		return 0, 0
	}
	size := uint64(len(t.appendUTF16(g.at(ptr, 2*n))))
	if size < 2*n {
		ptr = g.Reallocate(ptr, 2*n, 2, size)
	}
	return ptr, size / 2
}

// storeLatin1OrUTF16 stores a text in UTF-8 or UTF-16 (store_string_to_latin1_or_utf16).
func (g *Guest) storeLatin1OrUTF16(t Text, n uint64) (ptr, units uint64) {
	ptr = g.AllocAddr(n, 2)
	if g.err != nil {
		return 0, 0
	}
	out, rest := t.latin1Prefix(g.at(ptr, n))
	k := uint64(len(out))
	if len(rest.Bytes) == 0 {
		if k < n {
			ptr = g.Reallocate(ptr, n, 2, k)
		}
		return ptr, k
	}
	if ptr = g.Reallocate(ptr, n, 2, 2*n); g.err != nil {
		return 0, 0
	}
	inflate(g.mem[ptr:ptr+2*n], int(k))
	size := uint64(len(rest.appendUTF16(g.at(ptr, 2*n)[:2*k])))
	if size < 2*n {
		ptr = g.Reallocate(ptr, 2*n, 2, size)
	}
	return ptr, size/2 | g.opts.tag()
}

// storeProbablyUTF16 stores a text that another guest of this encoding has in UTF-16
// (store_probably_utf16_to_latin1_or_utf16).
func (g *Guest) storeProbablyUTF16(t Text, n uint64) (ptr, units uint64) {
	ptr = g.AllocAddr(2*n, 2)
	if g.err != nil {
		return 0, 0
	}
	copy(g.mem[ptr:], t.Bytes)
	if !fitsLatin1(t.Bytes) {
		return ptr, n | g.opts.tag()
	}
	for i := range n {
		g.mem[ptr+i] = g.mem[ptr+2*i]
	}
	return g.Reallocate(ptr, 2*n, 1, n), n
}
