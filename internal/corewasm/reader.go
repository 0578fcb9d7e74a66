package corewasm

import (
	"fmt"
	"unicode/utf8"
)

// reader reads one stretch of a module. Methods panic with an *Error, which
// Parse recovers: input can end at any byte, and a check after each read would
// bury the grammar. No other panic is recovered.
type reader struct {
	b    []byte // the whole module
	pos  int
	end  int // reads stop here
	name string
}

func (r *reader) fail(format string, args ...any) {
	panic(&Error{Offset: r.pos, Msg: fmt.Sprintf(format, args...)})
}

// exceed fails because of a limit; the message says what exceeds it.
func (r *reader) exceed(limit string, value uint64, max int, format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	panic(&Error{Offset: r.pos, Msg: fmt.Sprintf("%s, above the limit of %d", msg, max), Exceeded: &Exceeded{limit, value, uint64(max)}})
}

// catch, deferred, turns the panic of a reader into an error. Results that the
// function has not set yet stay zero.
func catch(err *error) {
	if r := recover(); r != nil {
		e, ok := r.(*Error)
		if !ok {
			panic(r)
		}
		*err = e
	}
}

func (r *reader) left() int { return r.end - r.pos }

// failEnd is apart from byte so that byte is inlined.
//
//go:noinline
func (r *reader) failEnd() { r.fail("unexpected end of %s", r.name) }

func (r *reader) byte() byte {
	if r.pos >= r.end {
		r.failEnd()
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

// bytes returns the next n bytes without copying them.
func (r *reader) bytes(n uint64) []byte {
	if n > uint64(r.left()) {
		r.failEnd()
	}
	b := r.b[r.pos : r.pos+int(n)]
	r.pos += int(n)
	return b
}

// section returns a reader of the next n bytes and skips them.
func (r *reader) section(n uint64, name string) *reader {
	start := r.pos
	r.bytes(n)
	return &reader{b: r.b, pos: start, end: r.pos, name: name}
}

// uleb reads an unsigned LEB128 number of at most the given number of bits.
func (r *reader) uleb(bits uint) uint64 {
	var v uint64
	for shift := uint(0); ; shift += 7 {
		c := r.byte()
		if rest := bits - shift; rest < 7 && c>>rest != 0 {
			r.fail("number does not fit %d bits", bits)
		}
		v |= uint64(c&0x7f) << shift
		if c&0x80 == 0 {
			return v
		}
	}
}

func (r *reader) u32() uint32 { return uint32(r.uleb(32)) }

// sleb reads a signed LEB128 number of at most the given number of bits.
func (r *reader) sleb(bits uint) int64 {
	var v int64
	for shift := uint(0); ; shift += 7 {
		c := r.byte()
		if rest := bits - shift; rest < 7 {
			// What lies above the number's top bit must repeat it.
			if high := int8(c<<1) >> rest; c&0x80 != 0 || high != 0 && high != -1 {
				r.fail("number does not fit %d bits", bits)
			}
		}
		v |= int64(c&0x7f) << shift
		if c&0x80 == 0 {
			if shift += 7; shift < 64 {
				v = v << (64 - shift) >> (64 - shift)
			}
			return v
		}
	}
}

// skipLEB skips a LEB128 number, signed or not, of at most the given number of
// bytes, and does not check whether the value fits.
func (r *reader) skipLEB(limit int) {
	for ; limit > 0; limit-- {
		if r.byte() < 0x80 {
			return
		}
	}
	r.fail("number is too long")
}

// count reads the length of a vector whose elements take at least one byte each.
func (r *reader) count(what string) int {
	n := r.u32()
	if uint64(n) > uint64(r.left()) {
		r.fail("%d %s in %d bytes", n, what, r.left())
	}
	return int(n)
}

// limited is count for what a limit bounds, of which there are some already.
func (r *reader) limited(what, limit string, some, max int) int {
	at := r.pos
	n := r.u32()
	if total := uint64(n) + uint64(some); total > uint64(max) {
		r.pos = at
		r.exceed(limit, total, max, "%d %s", total, what)
	}
	r.pos = at
	return r.count(what)
}

// string reads a name: UTF-8 and no longer than limit.
func (r *reader) string(limit int) string {
	n := r.u32()
	if int64(n) > int64(limit) {
		r.exceed("NameBytes", uint64(n), limit, "name of %d bytes", n)
	}
	b := r.bytes(uint64(n))
	if !utf8.Valid(b) {
		r.fail("name is not UTF-8")
	}
	return string(b)
}

// done fails if bytes are left over.
func (r *reader) done() {
	if r.left() != 0 {
		r.fail("%d bytes too many in %s", r.left(), r.name)
	}
}
