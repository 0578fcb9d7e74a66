package binary

import (
	"fmt"
	"unicode/utf8"
)

// reader reads one stretch of the root binary. Methods panic with an *Error,
// which Decode recovers: input can end at any byte, and a check after each read
// would bury the grammar. No other panic is recovered.
type reader struct {
	b    []byte // the whole binary
	pos  int
	end  int    // reads stop here
	path string // for errors
	max  *Limits
}

func (r *reader) fail(rule Rule, format string, args ...any) {
	panic(&Error{Offset: r.pos, Path: r.path, Rule: rule, Msg: fmt.Sprintf(format, args...)})
}

func (r *reader) badByte(c byte, what string) {
	r.fail(RuleByte, "invalid leading byte %#x for %s", c, what)
}

func (r *reader) unsupported(what string) {
	panic(&Error{Offset: r.pos, Path: r.path, Rule: RuleUnsupported, Err: ErrUnsupported, Msg: what})
}

func (r *reader) left() int { return r.end - r.pos }

func (r *reader) byte() byte {
	if r.left() < 1 {
		r.fail(RuleEnd, "unexpected end")
	}
	c := r.b[r.pos]
	r.pos++
	return c
}

// peek returns the next byte without reading it.
func (r *reader) peek() byte {
	c := r.byte()
	r.pos--
	return c
}

// mustByte reads a byte that has only one valid value.
func (r *reader) mustByte(want byte, what string) {
	if c := r.byte(); c != want {
		r.pos--
		r.badByte(c, what)
	}
}

// flag reads a byte that is 0 or 1.
func (r *reader) flag(what string) bool {
	c := r.byte()
	if c > 1 {
		r.pos--
		r.badByte(c, what)
	}
	return c == 1
}

// bytes returns the next n bytes without copying them.
func (r *reader) bytes(n uint32) []byte {
	if uint64(n) > uint64(r.left()) {
		r.fail(RuleEnd, "unexpected end: %d bytes are announced, %d are left", n, r.left())
	}
	b := r.b[r.pos : r.pos+int(n) : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// within returns a reader of the next n bytes and skips them.
func (r *reader) within(n uint32) *reader {
	s := *r
	r.bytes(n)
	s.end = r.pos
	return &s
}

// done fails if bytes are left over.
func (r *reader) done(what string) {
	if r.left() != 0 {
		r.fail(RuleSection, "%d bytes too many in %s", r.left(), what)
	}
}

// u32 reads an unsigned LEB128 number of 32 bits: five bytes at most, of which
// the last has no bits beyond the 32nd.
func (r *reader) u32() uint32 { return uint32(r.uleb(32)) }

func (r *reader) uleb(bits uint) uint64 {
	var v uint64
	for shift := uint(0); ; shift += 7 {
		c := r.byte()
		if rest := bits - shift; rest < 7 && c>>rest != 0 {
			r.pos--
			r.fail(RuleInteger, "integer does not fit %d bits", bits)
		}
		v |= uint64(c&0x7f) << shift
		if c&0x80 == 0 {
			return v
		}
	}
}

// s33 reads a signed LEB128 number of 33 bits.
func (r *reader) s33() int64 {
	const bits = 33
	var v int64
	for shift := uint(0); ; shift += 7 {
		c := r.byte()
		if rest := bits - shift; rest < 7 {
			// What lies above the number's top bit must repeat it.
			if high := int8(c<<1) >> rest; c&0x80 != 0 || high != 0 && high != -1 {
				r.pos--
				r.fail(RuleInteger, "integer does not fit %d bits", bits)
			}
		}
		v |= int64(c&0x7f) << shift
		if c&0x80 == 0 {
			unused := 64 - (shift + 7)
			return v << unused >> unused
		}
	}
}

// index reads an index that may be absent elsewhere.
func (r *reader) index() *uint32 {
	i := r.u32()
	return &i
}

// name reads a string: UTF-8, no longer than the limit.
func (r *reader) name() string {
	n := r.u32()
	if int64(n) > int64(r.max.NameBytes) && uint64(n) <= uint64(r.left()) {
		panic(TooMuch("NameBytes", int(n), r.max.NameBytes, r.pos, r.path))
	}
	b := r.bytes(n)
	if !utf8.Valid(b) {
		r.fail(RuleString, "malformed UTF-8 encoding")
	}
	return string(b)
}
