package link

import (
	"encoding/binary"

	spec "github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/internal/corewasm"
)

// The sections of core modules that shims and fix-ups are made of.
const (
	sectionCustom  = 0
	sectionType    = 1
	sectionElement = 9
	sectionCode    = 10
)

// Opcodes of the bodies of shim functions.
const (
	opEnd          = 0x0b
	opCallIndirect = 0x11
	opLocalGet     = 0x20
	opI32Const     = 0x41
)

// cursor reads a module that has been validated as far as its section headers; bad becomes
// true at anything unexpected.
type cursor struct {
	b   []byte
	bad bool
}

func (c *cursor) byte() byte {
	if len(c.b) == 0 {
		c.bad = true
		return 0
	}
	v := c.b[0]
	c.b = c.b[1:]
	return v
}

func (c *cursor) u32() uint32 {
	v, n := binary.Uvarint(c.b)
	if n <= 0 || n > 5 || v > 1<<32-1 {
		c.bad, c.b = true, nil
		return 0
	}
	c.b = c.b[n:]
	return uint32(v)
}

func (c *cursor) take(n uint32) cursor {
	if uint64(n) > uint64(len(c.b)) {
		c.bad, c.b = true, nil
		return cursor{bad: true}
	}
	part := cursor{b: c.b[:n]}
	c.b = c.b[n:]
	return part
}

func (c *cursor) is(v byte) bool { return c.byte() == v && !c.bad }

// sections returns the sections of a module by their ids; ok is false if one occurs twice or
// is not among the allowed.
func sections(m []byte, allowed ...byte) (s map[byte]cursor, ok bool) {
	s = map[byte]cursor{}
	c := cursor{b: m[8:]}
	for len(c.b) > 0 && !c.bad {
		id := c.byte()
		part := c.take(c.u32())
		if id == sectionCustom {
			continue
		}
		if _, twice := s[id]; twice || !contains(allowed, id) {
			return nil, false
		}
		s[id] = part
	}
	return s, !c.bad
}

func contains(ids []byte, id byte) bool {
	for _, x := range ids {
		if x == id {
			return true
		}
	}
	return false
}

// readShim reads m as a shim: one exported table of its own and exported functions that each
// pass their parameters on to one slot of the table, function i to slot i.
func readShim(m *spec.CoreModule) *shimModule {
	const function, table, export = 3, 4, 7
	s, ok := sections(m.Bytes, sectionType, function, table, export, sectionCode)
	if !ok || len(m.Info.Tables) != 1 {
		return nil
	}
	sh := &shimModule{slots: map[string]uint32{}, types: make([]corewasm.FuncType, m.Info.NumFuncs)}
	tables := 0
	for _, e := range m.Info.Exports {
		switch e.Type.Kind {
		case corewasm.Table:
			sh.table = e.Name
			tables++
		case corewasm.Func:
			sh.slots[e.Name] = e.Index
			sh.types[e.Index] = *e.Type.Func
		default:
			return nil
		}
	}
	if tables != 1 || uint64(m.Info.NumFuncs) != m.Info.Tables[0].Limits.Min {
		return nil
	}
	code := s[sectionCode]
	n := code.u32()
	for i := uint32(0); i < n; i++ {
		body := code.take(code.u32())
		if int(i) >= len(sh.types) || !isStub(body, i, len(sh.types[i].Params)) {
			return nil
		}
	}
	if code.bad || n != m.Info.NumFuncs {
		return nil
	}
	return sh
}

// isStub reports whether a body passes params parameters on to slot i of table 0.
func isStub(c cursor, i uint32, params int) bool {
	if c.u32() != 0 { // locals
		return false
	}
	for p := range params {
		if !c.is(opLocalGet) || c.u32() != uint32(p) {
			return false
		}
	}
	if !c.is(opI32Const) || c.s32() != int32(i) {
		return false
	}
	if !c.is(opCallIndirect) {
		return false
	}
	c.u32() // the type: validation has compared it with what is passed and returned
	return c.u32() == 0 && c.is(opEnd) && len(c.b) == 0
}

func (c *cursor) s32() int32 {
	var v int64
	for shift := 0; shift < 35; shift += 7 {
		b := c.byte()
		v |= int64(b&0x7f) << shift
		if b&0x80 == 0 {
			if b&0x40 != 0 {
				v |= -1 << (shift + 7)
			}
			return int32(v)
		}
	}
	c.bad = true
	return 0
}

// isFixup reports whether a module does nothing but fill the table that it imports last with
// the functions that it imports before, function i into slot i.
func isFixup(m *spec.CoreModule) bool {
	const imports = 2
	s, ok := sections(m.Bytes, sectionType, imports, sectionElement)
	if !ok || m.Info.HasStart || len(m.Bytes) > maxShimBytes {
		return false
	}
	n := uint32(len(m.Info.Imports) - 1)
	for i, imp := range m.Info.Imports {
		want := corewasm.Func
		if uint32(i) == n {
			want = corewasm.Table
		}
		if imp.Type.Kind != want {
			return false
		}
	}
	e := s[sectionElement]
	// One segment: active in table 0, at (i32.const 0), of function indices.
	if e.u32() != 1 || e.u32() != 0 || !e.is(opI32Const) || e.s32() != 0 || !e.is(opEnd) || e.u32() != n {
		return false
	}
	for i := range n {
		if e.u32() != i {
			return false
		}
	}
	return !e.bad && len(e.b) == 0
}
