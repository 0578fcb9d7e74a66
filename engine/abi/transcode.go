package abi

import (
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// UTF-16 is little-endian. The functions that write have enough room, and what they read is
// valid.

func unitAt(b []byte, i int) uint16 { return binary.LittleEndian.Uint16(b[2*i:]) }

func isSurrogate(u uint16) bool { return u >= 0xD800 && u <= 0xDFFF }

// validUTF16 reports whether every surrogate is one of a pair.
func validUTF16(b []byte) bool {
	n := len(b) / 2
	for i := 0; i < n; i++ {
		u := unitAt(b, i)
		if !isSurrogate(u) {
			continue
		}
		if i++; u >= 0xDC00 || i == n || unitAt(b, i) < 0xDC00 || unitAt(b, i) > 0xDFFF {
			return false
		}
	}
	return true
}

// runeAt16 decodes the character that begins with unit i, and says how many units it has.
func runeAt16(b []byte, i int) (r rune, units int) {
	u := unitAt(b, i)
	if !isSurrogate(u) || 2*i+4 > len(b) {
		return rune(u), 1
	}
	return utf16.DecodeRune(rune(u), rune(unitAt(b, i+1))), 2
}

// asciiPrefix is how many code units at the beginning are ASCII.
func (t Text) asciiPrefix() int {
	mask, size := uint64(0x8080808080808080), 1
	if t.Wide {
		mask, size = 0xff80ff80ff80ff80, 2
	}
	i := 0
	for ; i+8 <= len(t.Bytes) && binary.LittleEndian.Uint64(t.Bytes[i:])&mask == 0; i += 8 {
	}
	i /= size
	for n := len(t.Bytes) / size; i < n; i++ {
		if t.Wide && unitAt(t.Bytes, i) >= utf8.RuneSelf || !t.Wide && t.Bytes[i] >= utf8.RuneSelf {
			break
		}
	}
	return i
}

// skip is the text without its first units.
func (t Text) skip(units int) Text {
	if t.Wide {
		units *= 2
	}
	t.Bytes = t.Bytes[units:]
	return t
}

// next decodes the first character, and says how many units it has.
func (t Text) next() (r rune, units int) {
	switch {
	case t.Wide:
		return runeAt16(t.Bytes, 0)
	case t.From == UTF8:
		return utf8.DecodeRune(t.Bytes)
	}
	return rune(t.Bytes[0]), 1
}

// lenUTF8 is the length in UTF-8.
func (t Text) lenUTF8() int {
	if t.From == UTF8 {
		return len(t.Bytes)
	}
	n := t.asciiPrefix()
	for t = t.skip(n); len(t.Bytes) > 0; {
		r, k := t.next()
		n += utf8.RuneLen(r)
		t = t.skip(k)
	}
	return n
}

// appendUTF8 appends the text in UTF-8.
func (t Text) appendUTF8(b []byte) []byte {
	if t.From == UTF8 {
		return append(b, t.Bytes...)
	}
	n := t.asciiPrefix()
	for i := range n {
		if t.Wide {
			b = append(b, t.Bytes[2*i])
		} else {
			b = append(b, t.Bytes[i])
		}
	}
	for t = t.skip(n); len(t.Bytes) > 0; {
		r, k := t.next()
		b = utf8.AppendRune(b, r)
		t = t.skip(k)
	}
	return b
}

// appendUTF16 appends the text in UTF-16.
func (t Text) appendUTF16(b []byte) []byte {
	if t.Wide {
		return append(b, t.Bytes...)
	}
	n := t.asciiPrefix()
	for _, c := range t.Bytes[:n] {
		b = append(b, c, 0)
	}
	for t = t.skip(n); len(t.Bytes) > 0; {
		r, k := t.next()
		if r < 0x10000 {
			b = binary.LittleEndian.AppendUint16(b, uint16(r))
		} else {
			hi, lo := utf16.EncodeRune(r)
			b = binary.LittleEndian.AppendUint16(b, uint16(hi))
			b = binary.LittleEndian.AppendUint16(b, uint16(lo))
		}
		t = t.skip(k)
	}
	return b
}

// Prefix returns the beginning of the text in UTF-8: max bytes or a few more, or all of it.
func (t Text) Prefix(max int) string {
	if t.From == UTF8 && len(t.Bytes) > max {
		for max < len(t.Bytes) && !utf8.RuneStart(t.Bytes[max]) {
			max++
		}
		t.Bytes = t.Bytes[:max]
	} else if n := 2 * (max + 1); t.Wide && len(t.Bytes) > n {
		if unitAt(t.Bytes, max)&0xfc00 == 0xd800 { // a pair is not to be torn
			n -= 2
		}
		t.Bytes = t.Bytes[:n]
	} else if !t.Wide && len(t.Bytes) > max {
		t.Bytes = t.Bytes[:max]
	}
	return string(t.appendUTF8(nil))
}

// latin1Prefix appends as much of the text as is Latin-1, one byte for each character, and
// returns the rest.
func (t Text) latin1Prefix(b []byte) (out []byte, rest Text) {
	for len(t.Bytes) > 0 {
		r, k := t.next()
		if r > 0xff {
			break
		}
		b = append(b, byte(r))
		t = t.skip(k)
	}
	return b, t
}

// inflate turns n bytes at the beginning of b into code units of 16 bits, in place.
func inflate(b []byte, n int) {
	for i := n - 1; i >= 0; i-- {
		c := b[i]
		b[2*i], b[2*i+1] = c, 0
	}
}

// fitsLatin1 reports whether every code unit of a text in UTF-16 is one of Latin-1.
func fitsLatin1(b []byte) bool {
	for i := 1; i < len(b); i += 2 {
		if b[i] != 0 {
			return false
		}
	}
	return true
}
