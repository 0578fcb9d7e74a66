// Package dwarfline finds the source lines of instructions in the line number table that
// compilers leave in core modules (DWARF 2 to 5, section 6.2). Guests choose its bytes: whatever
// they are, a look-up neither fails nor allocates by them, and reads each byte a few times at most.
package dwarfline

// Sections are the contents of the custom sections of those names.
type Sections struct {
	Line    []byte // .debug_line
	LineStr []byte // .debug_line_str
	Str     []byte // .debug_str
}

// Pos is a place in a source file. Line is 0 if it is not known.
type Pos struct {
	File string
	Line int
}

// MaxSize bounds the line number table, in bytes; none is searched that is larger.
const MaxSize = 16 << 20

// Find looks up instructions by their offsets from the begin of the code section's contents.
func Find(s Sections, offsets []uint64) []Pos {
	pos := make([]Pos, len(offsets))
	if len(s.Line) > MaxSize || len(offsets) == 0 {
		return pos
	}
	f := finder{s: s, offsets: offsets, pos: pos, found: make([]bool, len(offsets)), min: offsets[0], max: offsets[0]}
	for _, o := range offsets {
		f.min, f.max = min(f.min, o), max(f.max, o)
	}
	for b := (buf{b: s.Line}); len(b.b) > 0 && !b.bad; {
		n := b.u32()
		if n >= 0xfffffff0 { // the form for more than 4 GiB, which no module has
			break
		}
		if u := b.take(uint64(n)); !b.bad {
			f.unit(u)
		}
	}
	return pos
}

type finder struct {
	s        Sections
	offsets  []uint64
	pos      []Pos
	found    []bool
	min, max uint64
}

// unit is the table of one compilation unit: its header.
type unit struct {
	version   uint16
	minInst   uint64
	lineBase  int64
	lineRange uint64
	lengths   []byte // operands of standard opcodes
	tables    buf    // of directories and files
}

// unit searches one table.
func (f *finder) unit(b buf) {
	var u unit
	u.version = b.u16()
	if u.version < 2 || u.version > 5 {
		return
	}
	if u.version == 5 {
		b.take(2) // sizes of addresses and segment selectors
	}
	u.tables = b.take(uint64(b.u32()))
	h := &u.tables
	u.minInst = uint64(h.byte())
	if u.version >= 4 {
		h.byte() // operations of an instruction
	}
	h.byte() // default of is_stmt
	u.lineBase = int64(int8(h.byte()))
	u.lineRange = uint64(h.byte())
	u.lengths = h.take(uint64(h.byte()) - 1).b
	if b.bad || h.bad || u.lineRange == 0 {
		return
	}
	f.run(&u, b)
}

// row is one row of the table, as the program makes them.
type row struct {
	at   uint64
	file uint64
	line int64
}

// run runs the program of a unit (section 6.2.5).
func (f *finder) run(u *unit, b buf) {
	start := row{file: 1, line: 1}
	cur, prev, began := start, start, false // began: prev is a row of the sequence
	dead := false                           // what the linker has thrown away begins at 0
	emit := func() {
		if !began {
			dead = cur.at == 0
		} else if !dead {
			f.match(u, prev, cur.at)
		}
		prev, began = cur, true
	}
	special := func(n uint64) { cur.at += n / u.lineRange * u.minInst }
	base := uint64(len(u.lengths)) + 1
	for len(b.b) > 0 && !b.bad {
		switch op := uint64(b.byte()); {
		case op >= base:
			special(op - base)
			cur.line += u.lineBase + int64((op-base)%u.lineRange)
			emit()
		case op == 0:
			x := b.take(b.uleb())
			switch x.byte() {
			case 1: // end of the sequence
				emit()
				cur, began = start, false
			case 2:
				cur.at = x.address()
			}
		case op == 1:
			emit()
		case op == 2:
			cur.at += b.uleb() * u.minInst
		case op == 3:
			cur.line += b.sleb()
		case op == 4:
			cur.file = b.uleb()
		case op == 8:
			special(255 - base)
		case op == 9:
			cur.at += uint64(b.u16())
		default:
			for range u.lengths[op-1] {
				b.uleb()
			}
		}
	}
}

// match answers for the instructions from a row up to the next.
func (f *finder) match(u *unit, r row, to uint64) {
	if to <= f.min || r.at > f.max {
		return
	}
	for i, o := range f.offsets {
		if o < r.at || o >= to || f.found[i] {
			continue
		}
		f.found[i] = true // even if there is no name: looking for one takes time
		if r.line > 0 && r.line < 1<<31 {
			if name := f.file(u, r.file); name != "" {
				f.pos[i] = Pos{name, int(r.line)}
			}
		}
	}
}
