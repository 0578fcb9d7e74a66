package engine

import (
	"strings"
	"sync"
	"unicode"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/dwarfline"
	"github.com/spinhost/spin/internal/corewasm"
)

// sourceLines finds the source lines of a stack, once somebody asks for them.
type sourceLines struct {
	p        *Program
	instance int32 // component instance whose code it was
	once     sync.Once
	pos      []dwarfline.Pos // by frame
}

// Source returns the place in the source of frame n, if the core module has a DWARF line number
// table. It is looked up when it is first asked for, which takes milliseconds for a large
// table. The guest's compiler has chosen the name: it may be anything that can be printed.
func (e *TrapError) Source(n int) (file string, line int, ok bool) {
	if e.lines == nil || n < 0 || n >= len(e.Frames) {
		return "", 0, false
	}
	e.lines.once.Do(func() { e.lines.find(e.Frames) })
	if n >= len(e.lines.pos) || e.lines.pos[n].Line == 0 {
		return "", 0, false
	}
	return e.lines.pos[n].File, e.lines.pos[n].Line, true
}

// find looks up the frames, those of one module at a time.
func (s *sourceLines) find(frames []Frame) {
	s.pos = make([]dwarfline.Pos, len(frames))
	offsets := map[*binary.CoreModule][]uint64{}
	which := map[*binary.CoreModule][]int{}
	for i, f := range frames {
		if m, at := s.module(f); m != nil {
			offsets[m] = append(offsets[m], at)
			which[m] = append(which[m], i)
		}
	}
	for m, list := range offsets {
		found := corewasm.Custom(m.Bytes, ".debug_line", ".debug_line_str", ".debug_str")
		for k, pos := range dwarfline.Find(dwarfline.Sections{Line: found[0], LineStr: found[1], Str: found[2]}, list) {
			pos.File = printable(pos.File)
			s.pos[which[m][k]] = pos
		}
	}
}

// module finds the core module to which a frame belongs, and where the instruction lies in its
// code. wasmtime tells only names: if several modules fit, it is that of the component instance
// that trapped, or else nobody knows.
func (s *sourceLines) module(f Frame) (*binary.CoreModule, uint64) {
	if m, at, n := s.fitting(f, func(owner int32) bool { return owner == s.instance }); n == 1 {
		return m, at
	}
	if m, at, n := s.fitting(f, func(int32) bool { return true }); n == 1 {
		return m, at
	}
	return nil, 0
}

// fitting finds core modules of some component instances that have such a function.
func (s *sourceLines) fitting(f Frame, of func(owner int32) bool) (m *binary.CoreModule, at uint64, n int) {
	for _, in := range s.p.link.Instances {
		c := s.p.link.Modules[in.Module]
		if c == m || !of(in.Owner) || printable(c.Info.Names.Module()) != f.Module || printable(c.Info.FuncName(f.Index)) != f.Func {
			continue
		}
		if offset, ok := c.Info.CodeOffset(c.Bytes, f.Index, f.inFunc); ok {
			m, at = c, offset
			n++
		}
	}
	return m, at, n
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
