package corewasm

import (
	stdbinary "encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
)

// WithExports returns what m is with further exports, which must have names
// that are free: the outside of AddExports' result. What else it says of the
// binary, as where the code stands, is true of the one that m came from. If
// there is nothing to add it returns m itself.
//
// It fails if the module would have more exports than Parse accepts.
func (m *Module) WithExports(list []Export) (*Module, error) {
	if len(list) == 0 {
		return m, nil
	}
	if n, limit := len(m.Exports)+len(list), DefaultParseLimits().Exports; n > limit {
		return nil, fmt.Errorf("exporting what the core module hides gives it %d exports, above the limit of %d", n, limit)
	}
	c := *m
	c.Names = nil
	c.Exports = append(slices.Clone(m.Exports), list...)
	c.exports = maps.Clone(m.exports)
	for i, e := range list {
		c.exports[e.Name] = len(m.Exports) + i
	}
	return &c, nil
}

// AddExports returns a module, which Parse has accepted, with further exports.
// Nothing is renumbered, and all bytes outside the export section stay as they
// are. The result is a copy, or wasm itself if there is nothing to add.
func AddExports(wasm []byte, list []Export) (_ []byte, err error) {
	if len(list) == 0 {
		return wasm, nil
	}
	defer catch(&err)
	var entries []byte
	for _, e := range list {
		entries = stdbinary.AppendUvarint(entries, uint64(len(e.Name)))
		entries = append(append(entries, e.Name...), byte(e.Type.Kind))
		entries = stdbinary.AppendUvarint(entries, uint64(e.Index))
	}
	s := exportSection(wasm)
	return s.replace(wasm, append(slices.Clip(s.entries), entries...), s.n+uint64(len(list)))
}

// exports is where the export section stands and its entries. If there is none
// it stands, empty, where it would belong: next after the sections of memories
// and globals.
type exports struct {
	from, to int
	n        uint64
	entries  []byte
}

func exportSection(wasm []byte) (x exports) {
	r := sectionsOf(wasm)
	for r.left() > 0 {
		switch s := r.frame(); s.id {
		case secMemory, secTag, secGlobal:
			x.from, x.to = s.end, s.end
		case secExport:
			e := &reader{b: wasm, pos: s.body, end: s.end, name: "export section"}
			n := e.u32()
			return exports{s.start, s.end, uint64(n), wasm[e.pos:e.end]}
		}
	}
	return x
}

// replace puts a section of n exports in the place of this one.
func (x exports) replace(wasm, entries []byte, n uint64) ([]byte, error) {
	count := stdbinary.AppendUvarint(nil, n)
	size := uint64(len(count)) + uint64(len(entries))
	if size > math.MaxUint32 {
		return nil, fmt.Errorf("exporting what the core module hides gives it an export section of %d bytes", size)
	}
	head := stdbinary.AppendUvarint([]byte{secExport}, size)
	out := make([]byte, 0, len(wasm)-(x.to-x.from)+len(head)+int(size))
	for _, part := range [][]byte{wasm[:x.from], head, count, entries, wasm[x.to:]} {
		out = append(out, part...)
	}
	return out, nil
}
