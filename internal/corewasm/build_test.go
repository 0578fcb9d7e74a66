package corewasm

import stdbinary "encoding/binary"

// The tests write modules by hand: bytes, numbers and strings in order.

const header = "\x00asm\x01\x00\x00\x00"

// cat joins bytes (int), LEB128 numbers (uint32), names (string, with their
// length) and raw bytes.
func cat(parts ...any) []byte {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int:
			b = append(b, byte(p))
		case uint32:
			b = stdbinary.AppendUvarint(b, uint64(p))
		case string:
			b = stdbinary.AppendUvarint(b, uint64(len(p)))
			b = append(b, p...)
		case []byte:
			b = append(b, p...)
		}
	}
	return b
}

func section(id int, parts ...any) []byte {
	body := cat(parts...)
	return cat(id, uint32(len(body)), body)
}

func module(sections ...[]byte) []byte {
	b := []byte(header)
	for _, s := range sections {
		b = append(b, s...)
	}
	return b
}

// everything is a module with one of each kind.
func everything() []byte {
	return module(
		section(0, "custom", 1, 2, 3),
		section(1, 6, // types
			0x60, 2, 0x7f, 0x7e, 1, 0x7b, // 0: (i32 i64) -> v128
			0x60, 0, 0, // 1
			0x4e, 2, 0x50, 1, 0, 0x5f, 2, 0x78, 0, 0x63, 3, 1, 0x5e, 0x64, 2, 1, // 2, 3: (rec (sub 0 (struct i8 (mut (ref null 3)))) (array (mut (ref 2))))
			0x4f, 0, 0x60, 1, 0x64, 2, 1, 0x63, 0x70, // 4: (sub final (func (param (ref 2)) (result (ref null func))))
			0x60, 1, 0x6f, 2, 0x7d, 0x7c, // 5
			0x60, 1, 0x63, 0x6f, 1, 0x69, // 6: ((ref null extern)) -> exnref
		),
		section(2, 5, // imports
			"a", "f", 0, 5,
			"a", "t", 1, 0x70, 1, 2, 9,
			"", "m", 2, 3, 1, 2,
			"a", "g", 3, 0x7f, 1,
			"b", "e", 4, 0, 1,
		),
		section(3, 3, 0, 4, 1),
		section(4, 2, 0x6f, 0, 1, 0x40, 0, 0x70, 4, uint32(70000), 0xd0, 0x70, 0x0b),
		section(5, 2, 4, uint32(70000), 8, 3, 0),
		section(13, 1, 0, 1),
		section(6, 7,
			0x7e, 0, 0x42, 0x80, 0x7f, 0x0b,
			0x7d, 1, 0x43, 1, 2, 3, 4, 0x0b,
			0x7c, 1, 0x44, 1, 2, 3, 4, 5, 6, 7, 8, 0x0b,
			0x7b, 0, 0xfd, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x0b,
			0x70, 0, 0xd2, 0, 0x0b,
			0x7f, 0, 0x23, 0, 0x41, 1, 0x6a, 0x0b,
			0x64, 2, 0, 0xfb, 1, 2, 0x0b,
		),
		section(7, 9,
			"f0", 0, 0, "f1", 0, 1, "f2", 0, 2, "", 0, 3,
			"t", 1, 2, "m", 2, 1, "m8", 2, 2, "g", 3, 6, "e", 4, 1,
		),
		section(8, 3),
		section(9, 0),
		section(12, 0),
		section(10, 3, 2, 0, 0x0b, 2, 0, 0x0b, 2, 0, 0x0b),
		section(11, 0),
		section(0, "name", section(0, "whole"), section(1, 2, 0, "import", 3, "né")),
	)
}
