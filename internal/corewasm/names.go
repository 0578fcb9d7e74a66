package corewasm

import "sync"

// Names is the name section of a module (core specification, appendix "Custom
// Sections"). Reading it is put off until a name is asked for. It is safe for
// concurrent use.
type Names struct {
	b    []byte
	once sync.Once
	own  string // of the module
	fn   map[uint32]string
}

const (
	maxNames     = 200_000 // of functions; further ones stay unnamed
	maxNameBytes = 1_000   // of one function; longer ones are cut
)

// custom looks at a custom section. A section with a bad name is skipped:
// custom sections never make a module invalid beyond their frame.
func (p *parser) custom(r *reader) {
	n := r.u32()
	if string(r.bytes(uint64(n))) == "name" {
		p.m.Names = &Names{b: r.b[r.pos:r.end]}
	}
}

// FuncName is the name of a function, "" if it has none.
func (n *Names) FuncName(index uint32) string {
	if n == nil {
		return ""
	}
	n.once.Do(n.parse)
	return n.fn[index]
}

// Module is the name of the module, "" if it has none.
func (n *Names) Module() string {
	if n == nil {
		return ""
	}
	n.once.Do(n.parse)
	return n.own
}

// parse keeps what it could read of a broken section.
func (n *Names) parse() {
	var broken error
	defer catch(&broken)
	r := &reader{b: n.b, end: len(n.b), name: "name section"}
	for r.left() > 0 {
		id := r.byte()
		s := r.section(uint64(r.u32()), "name subsection")
		switch id {
		case 0:
			b := s.bytes(uint64(s.u32()))
			n.own = string(b[:min(len(b), maxNameBytes)])
		case 1:
			n.functions(s)
			return
		}
	}
}

func (n *Names) functions(r *reader) {
	count := r.u32()
	n.fn = make(map[uint32]string, min(int(count), r.left()/2, 1024))
	for ; count > 0 && len(n.fn) < maxNames; count-- {
		i := r.u32()
		b := r.bytes(uint64(r.u32()))
		n.fn[i] = string(b[:min(len(b), maxNameBytes)])
	}
}
