package binary_test

import (
	"encoding/binary"
	"fmt"
)

// preamble begins a component.
const preamble = "\x00asm\x0d\x00\x01\x00"

// emptyModule is a core module without anything.
const emptyModule = "\x00asm\x01\x00\x00\x00"

// bin makes bytes: strings are taken as they are, integers as one byte each.
func bin(parts ...any) string {
	var b []byte
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			b = append(b, p...)
		case int:
			b = append(b, byte(p))
		default:
			panic(fmt.Sprintf("bin: %T", p))
		}
	}
	return string(b)
}

// component makes a component of sections.
func component(sections ...string) string {
	c := preamble
	for _, s := range sections {
		c += s
	}
	return c
}

// uleb makes an unsigned LEB128 number.
func uleb(n int) string { return string(binary.AppendUvarint(nil, uint64(n))) }

// section makes a section of any content.
func section(id int, content string) string { return bin(id) + uleb(len(content)) + content }

// vec makes a section, or a part, that is a vector.
func vec(elems ...string) string {
	s := uleb(len(elems))
	for _, e := range elems {
		s += e
	}
	return s
}

// name makes a length-prefixed string.
func name(s string) string { return uleb(len(s)) + s }
