package dwarfline

import "bytes"

// buf reads bytes; after a failure it is bad and returns zeros.
type buf struct {
	b   []byte
	bad bool
}

func (b *buf) fail() { b.bad, b.b = true, nil }

// take returns the next n bytes.
func (b *buf) take(n uint64) buf {
	if b.bad || n > uint64(len(b.b)) {
		b.fail()
		return buf{bad: true}
	}
	x := b.b[:n]
	b.b = b.b[n:]
	return buf{b: x}
}

// number reads a number of n bytes.
func (b *buf) number(n uint64) (v uint64) {
	x := b.take(n)
	for i, c := range x.b {
		v |= uint64(c) << (8 * i)
	}
	return v
}

func (b *buf) byte() byte  { return byte(b.number(1)) }
func (b *buf) u16() uint16 { return uint16(b.number(2)) }
func (b *buf) u32() uint32 { return uint32(b.number(4)) }

// address reads what is left as an address.
func (b *buf) address() uint64 { return b.number(uint64(min(len(b.b), 8))) }

// uleb reads an unsigned LEB128 number; what does not fit 64 bits is lost.
func (b *buf) uleb() (v uint64) {
	for shift := uint(0); ; shift += 7 {
		c := b.byte()
		v |= uint64(c&0x7f) << min(shift, 64)
		if c < 0x80 {
			return v
		}
	}
}

// sleb reads a signed one.
func (b *buf) sleb() int64 {
	var v uint64
	for shift := uint(0); ; {
		c := b.byte()
		v |= uint64(c&0x7f) << min(shift, 64)
		shift += 7
		if c < 0x80 {
			if c&0x40 != 0 && shift < 64 {
				v |= ^uint64(0) << shift
			}
			return int64(v)
		}
	}
}

// text reads bytes up to a zero.
func (b *buf) text() string {
	i := bytes.IndexByte(b.b, 0)
	if i < 0 {
		b.fail()
		return ""
	}
	s := b.take(uint64(i) + 1)
	return clip(s.b[:i])
}

// maxName bounds names of files and directories, in bytes.
const maxName = 1000

func clip(b []byte) string { return string(b[:min(len(b), maxName)]) }

// textAt is the text at an offset of a section.
func textAt(section []byte, at uint64) string {
	if at >= uint64(len(section)) {
		return ""
	}
	b := buf{b: section[at:]}
	if len(b.b) > maxName {
		b.b = b.b[:maxName+1]
		b.b = append(b.b[:maxName:maxName], 0)
	}
	return b.text()
}
