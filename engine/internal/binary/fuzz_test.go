package binary_test

import (
	"errors"
	"testing"

	"github.com/spinhost/spin/engine/internal/binary"
)

func FuzzDecode(f *testing.F) {
	f.Add([]byte(preamble))
	f.Add([]byte(component(section(1, emptyModule), section(2, vec("\x00\x00\x00", "\x01\x00")))))
	f.Add([]byte(component(section(4, component(section(7, vec("\x72"+vec(name("a")+"\x7d"), "\x6e"+vec(name("b")))))))))
	f.Add([]byte(component(section(7, vec("\x41"+vec("\x03\x00"+name("r")+"\x03\x01", "\x01\x43\x00\x01\x00"))))))
	f.Add([]byte(component(section(3, vec("\x50"+vec("\x01\x60\x00\x00", "\x00"+name("a")+name("b")+"\x00\x00"))))))
	f.Add([]byte(component(section(8, vec("\x00\x00\x01"+vec("\x03\x02", "\x06", "\x07\x00")+"\x05", "\x20\x00\x00", "\x09\x00\x79\x00")))))
	f.Add([]byte(component(section(10, vec("\x02"+name("i")+vec("\x00"+name("a:b/c"))+"\x05\x04")), section(11, vec("\x00"+name("f")+"\x01\x02\x01\x01\x03")))))
	f.Add([]byte(component(nameSection(section(0, name("app")), section(1, "\x01"+vec("\x02"+name("run")))))))
	f.Fuzz(func(t *testing.T, wasm []byte) {
		c, err := binary.Decode(wasm, binary.Limits{})
		var e *binary.Error
		if err != nil && !errors.As(err, &e) {
			t.Fatalf("error of type %T", err)
		}
		if err != nil {
			if e.Offset < 0 || e.Offset > len(wasm) {
				t.Errorf("error at byte %d of %d", e.Offset, len(wasm))
			}
			return
		}
		last := 0
		for _, d := range c.Defs {
			if d.Pos() < last || d.Pos() > len(wasm) {
				t.Errorf("definition at byte %d after one at %d", d.Pos(), last)
			}
			last = d.Pos()
		}
		c.Names.Component()
	})
}
