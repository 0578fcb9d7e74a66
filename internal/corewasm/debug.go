package corewasm

// CodeOffset is where byte off of a function's body lies, counted from the begin
// of the code section's contents, as debug information counts. wasm is what m
// was parsed from. ok is false if the function has no such byte.
func (m *Module) CodeOffset(wasm []byte, fn uint32, off uint64) (at uint64, ok bool) {
	var err error
	defer func() { ok = ok && err == nil }()
	defer catch(&err)
	for f, body := range m.bodies(wasm) {
		if f == fn {
			return uint64(body.pos-m.codeAt) + off, off < uint64(body.left())
		}
	}
	return 0, false
}

// Custom finds custom sections by their names: for each the contents of the
// last, nil if there is none or the module cannot be read that far.
func Custom(wasm []byte, names ...string) [][]byte {
	found := make([][]byte, len(names))
	var broken error
	defer catch(&broken)
	for r := sectionsOf(wasm); r.left() > 0; {
		f := r.frame()
		if f.id != 0 {
			continue
		}
		s := &reader{b: wasm, pos: f.body, end: f.end, name: "custom section"}
		name := s.bytes(uint64(s.u32()))
		for i := range names {
			if names[i] == string(name) {
				found[i] = wasm[s.pos:s.end]
			}
		}
	}
	return found
}
