package corewasm

// frame is the place of a section in a module.
type frame struct {
	id    byte
	start int // of the id
	body  int // of what follows the length
	end   int
}

// sectionsOf returns a reader at the first section of a module.
func sectionsOf(wasm []byte) *reader {
	r := &reader{b: wasm, end: len(wasm), name: "module"}
	r.bytes(8) // magic and version
	return r
}

// frame reads the frame of the next section and skips its body.
func (r *reader) frame() frame {
	f := frame{start: r.pos}
	f.id = r.byte()
	size := uint64(r.u32())
	f.body = r.pos
	r.bytes(size)
	f.end = r.pos
	return f
}
