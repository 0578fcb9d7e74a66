package corewasm

import "testing"

func TestKeepsExceptions(t *testing.T) {
	for name, c := range map[string]struct {
		code []byte
		want bool
	}{
		"no code": {nil, false}, "nothing": {[]byte{0x01}, false}, "throw": {[]byte{0x08, 0}, false},
		"catch": {[]byte{0x1f, 0x40, 2, 0, 7, 0, 2, 0, 0x0b}, false}, "catch_ref": {[]byte{0x1f, 0x40, 2, 0, 7, 0, 1, 0, 0, 0x0b}, true},
		"catch_all_ref": {[]byte{0x1f, 0x40, 1, 3, 0, 0x0b}, true}, "a constant like it": {[]byte{0x41, 0x1f, 0x41, 3}, false},
	} {
		wasm := module()
		if c.code != nil {
			wasm = codeModule(noType, noLocals, c.code)
		}
		m, err := Parse(wasm)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := KeepsExceptions(wasm, m); got != c.want || err != nil {
			t.Errorf("%s: %t %v", name, got, err)
		}
	}
	bad := codeModule(noType, noLocals, 0x06, 0x40)
	m, err := Parse(bad)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := KeepsExceptions(bad, m); err == nil {
		t.Error("an instruction of another form of exceptions")
	}
}
