package canon

import (
	"encoding/binary"
	"unicode/utf16"

	"github.com/spinhost/spin/engine/abi"
)

// putText stores a string in the encoding of the model's guest.
func (m *model) putText(t text) (p, n uint64) {
	if m.dice != nil {
		return m.ownText(t.s)
	}
	return m.storeText(t)
}

// ownText is how a guest stores a string itself: in either form where there are two.
func (m *model) ownText(s string) (p, n uint64) {
	align := uint64(2)
	var b []byte
	switch latin := latin1(s); {
	case m.enc == abi.UTF8:
		align, b = 1, []byte(s)
		n = uint64(len(b))
	case m.enc == abi.Latin1UTF16 && latin != nil && m.any(2) == 0:
		b = latin
		n = uint64(len(b))
	default:
		b = utf16le(s)
		n = uint64(len(b) / 2)
		if m.enc == abi.Latin1UTF16 {
			n |= m.tag()
		}
	}
	p = m.alloc(uint64(len(b)), align)
	copy(m.mem[p:], b)
	return p, n
}

func utf16le(s string) (b []byte) {
	for _, u := range utf16.Encode([]rune(s)) {
		b = binary.LittleEndian.AppendUint16(b, u)
	}
	return b
}

// latin1 returns s in Latin-1, or nil if it has other characters.
func latin1(s string) []byte {
	b := []byte{}
	for _, r := range s {
		if r > 0xff {
			return nil
		}
		b = append(b, byte(r))
	}
	return b
}

// storeText is store_string_into_range of the Canonical ABI.
func (m *model) storeText(t text) (p, n uint64) {
	units := t.units()
	switch {
	case m.enc == abi.UTF8 && t.enc == abi.UTF8:
		return m.storeCopy([]byte(t.s), 1), units
	case m.enc == abi.UTF8 && t.wide:
		return m.storeToUTF8(t.s, units, 3*units)
	case m.enc == abi.UTF8:
		return m.storeToUTF8(t.s, units, 2*units)
	case m.enc == abi.UTF16 && t.enc == abi.UTF8:
		return m.storeUTF8ToUTF16(t.s, units)
	case m.enc == abi.UTF16:
		return m.storeCopy(utf16le(t.s), 2), units
	case t.enc != abi.Latin1UTF16:
		return m.storeToLatin1OrUTF16(t.s, units)
	case t.wide:
		return m.storeProbablyUTF16(t.s, units)
	}
	return m.storeCopy(latin1(t.s), 2), units
}

func (m *model) storeCopy(b []byte, align uint64) uint64 {
	p := m.realloc(0, 0, align, uint64(len(b)))
	m.check(p, uint64(len(b)), align)
	copy(m.mem[p:], b)
	return p
}

func (m *model) storeToUTF8(s string, units, worst uint64) (p, n uint64) {
	p = m.realloc(0, 0, 1, units)
	m.check(p, units, 1)
	for i := range len(s) {
		if s[i] < 0x80 {
			m.mem[p+uint64(i)] = s[i]
			continue
		}
		n = uint64(len(s))
		p = m.realloc(p, units, 1, worst)
		m.check(p, worst, 1)
		copy(m.mem[p+uint64(i):], s[i:])
		if worst > n {
			p = m.realloc(p, worst, 1, n)
			m.check(p, n, 1)
		}
		return p, n
	}
	return p, units
}

func (m *model) storeUTF8ToUTF16(s string, units uint64) (p, n uint64) {
	p = m.realloc(0, 0, 2, 2*units)
	m.check(p, 2*units, 2)
	b := utf16le(s)
	copy(m.mem[p:], b)
	if n = uint64(len(b)); n < 2*units {
		p = m.realloc(p, 2*units, 2, n)
		m.check(p, n, 2)
	}
	return p, n / 2
}

func (m *model) storeToLatin1OrUTF16(s string, units uint64) (p, n uint64) {
	p = m.realloc(0, 0, 2, units)
	m.check(p, units, 2)
	done := uint64(0)
	for _, r := range s {
		if r < 0x100 {
			m.mem[p+done] = byte(r)
			done++
			continue
		}
		p = m.realloc(p, units, 2, 2*units)
		m.check(p, 2*units, 2)
		for j := int(done) - 1; j >= 0; j-- {
			m.mem[p+2*uint64(j)], m.mem[p+2*uint64(j)+1] = m.mem[p+uint64(j)], 0
		}
		b := utf16le(s)
		copy(m.mem[p+2*done:], b[2*done:])
		if n = uint64(len(b)); n < 2*units {
			p = m.realloc(p, 2*units, 2, n)
			m.check(p, n, 2)
		}
		return p, n/2 | m.tag()
	}
	if done < units {
		p = m.realloc(p, units, 2, done)
		m.check(p, done, 2)
	}
	return p, done
}

func (m *model) storeProbablyUTF16(s string, units uint64) (p, n uint64) {
	b := utf16le(s)
	p = m.storeCopy(b, 2)
	if latin1(s) == nil {
		return p, units | m.tag()
	}
	for i := range units {
		m.mem[p+i] = m.mem[p+2*i]
	}
	p = m.realloc(p, 2*units, 1, units)
	m.check(p, units, 1)
	return p, units
}
