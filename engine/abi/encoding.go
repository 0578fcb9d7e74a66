package abi

import "unicode/utf8"

// Encoding is how strings lie in a guest's memory (Canonical ABI, string-encoding).
type Encoding uint8

// The encodings. With Latin1UTF16 each string is in either form, and the top bit of its length
// says that it is in UTF-16.
const (
	UTF8 Encoding = iota
	UTF16
	Latin1UTF16
)

func (e Encoding) String() string {
	switch e {
	case UTF16:
		return "utf16"
	case Latin1UTF16:
		return "latin1+utf16"
	}
	return "utf8"
}

// Text is a string in a guest's memory that has been checked. It is valid until that guest's
// code runs.
type Text struct {
	Bytes []byte
	From  Encoding // of the guest
	Wide  bool     // in UTF-16
}

// units is the number of code units.
func (t Text) units() uint64 {
	if t.Wide {
		return uint64(len(t.Bytes) / 2)
	}
	return uint64(len(t.Bytes))
}

// tag is the bit of a length that stands for UTF-16 (Canonical ABI, utf16_tag).
func (o *Options) tag() uint64 {
	if o.Memory64 {
		return 1 << 63
	}
	return 1 << 31
}

// LiftText checks the string of that many code units at ptr, its length tagged if the
// encoding is Latin1UTF16 (Canonical ABI, load_string_from_range): the engine's part.
func (g *Guest) LiftText(ptr, units uint64) (t Text, ok bool) {
	t = Text{From: g.opts.Encoding, Wide: g.opts.Encoding == UTF16}
	align := uint32(2)
	switch tag := g.opts.tag(); {
	case t.From == UTF8:
		align = 1
	case t.From == Latin1UTF16 && units&tag != 0:
		t.Wide, units = true, units^tag
	}
	size := uint64(1)
	if t.Wide {
		size = 2
	}
	if !g.RangeAddr(ptr, units, size, align) {
		return t, false
	}
	t.Bytes = g.mem[ptr : ptr+units*size]
	switch {
	case t.Wide && !validUTF16(t.Bytes):
		g.Trapf("string is not valid UTF-16")
	case t.From == UTF8 && !utf8.Valid(t.Bytes):
		g.Trapf("string is not valid UTF-8")
	}
	return t, g.err == nil
}

// decode is String for encodings other than UTF-8.
func (g *Guest) decode(ptr, units uint32) string {
	t, ok := g.LiftText(uint64(ptr), uint64(units))
	if !ok {
		return ""
	}
	n := t.lenUTF8()
	if n == 0 || !g.Spend(uint64(n)) {
		return ""
	}
	b := make([]byte, n)
	t.appendUTF8(b[:0])
	return string(b)
}
