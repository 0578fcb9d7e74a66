package corewasm

import "strings"

// CustomSection is a custom section of a module.
type CustomSection struct {
	Name string
	Data []byte // part of the module
	At   int    // where Data lies in the module
}

// CustomSections lists the custom sections whose names begin with prefix, in the order of the
// module, as far as it can be read.
func CustomSections(wasm []byte, prefix string) (found []CustomSection) {
	var broken error
	defer catch(&broken)
	for r := sectionsOf(wasm); r.left() > 0; {
		f := r.frame()
		if f.id != 0 {
			continue
		}
		s := &reader{b: wasm, pos: f.body, end: f.end, name: "custom section"}
		if name := string(s.bytes(uint64(s.u32()))); strings.HasPrefix(name, prefix) {
			found = append(found, CustomSection{name, wasm[s.pos:s.end:s.end], s.pos})
		}
	}
	return found
}
