package engine_test

import (
	"encoding/binary"
	"slices"
)

// shape is a way of making the compiler work hard: it writes the code of one function, of
// about n steps, that uses some locals.
type shape struct {
	name  string
	write func(b *body, n int)
}

// shapes are the ways that are known. What the code computes does not matter, and it may be
// endless: nothing runs it.
var shapes = []shape{
	{"calls", func(b *body, n int) {
		for range n {
			b.add(0x41, 0, 0x10, 0, 0x1a) // drop (call 0 (i32.const 0))
		}
	}},
	{"divisions", func(b *body, n int) {
		for range n {
			b.get()
			b.get()
			b.add(0x6d)
			b.set()
		}
	}},
	{"loops", func(b *body, n int) {
		for range n {
			b.add(0x03, 0x40)
			b.change()
			b.add(0x41, 1, 0x0d, 0, 0x0b) // br_if 0 (i32.const 1)
		}
	}},
	{"nested loops", func(b *body, n int) {
		for range n {
			b.open(0x03)
			b.change()
			if b.depth == 1000 {
				b.close(0x41, 1, 0x0d, 0)
			}
		}
		b.close(0x41, 1, 0x0d, 0)
	}},
	{"branches", func(b *body, n int) {
		for range 100 {
			b.open(0x03)
		}
		for i := range n {
			b.change()
			b.add(0x41, 1, 0x0d, byte(i%100)) // br_if (i32.const 1)
		}
		b.close()
	}},
	{"branch tables", func(b *body, n int) {
		for range 100 {
			b.open(0x03)
			b.change()
		}
		for range max(1, n/100) {
			b.change()
			b.add(0x41, 1, 0x04, 0x40, 0x41, 0, 0x0e, 99) // if (i32.const 1) (br_table ... (i32.const 0))
			for k := range 100 {
				b.add(byte(k + 1))
			}
			b.add(0x0b)
		}
		b.close()
	}},
	{"one target", func(b *body, n int) {
		b.add(0x02, 0x40, 0x41, 0, 0x0e)
		b.number(n)
		for range n + 1 {
			b.add(0)
		}
		b.add(0x0b)
	}},
	{"conditions", func(b *body, n int) {
		for range n {
			b.get()
			b.add(0x04, 0x40)
			b.get()
			b.set()
			b.add(0x0b)
		}
	}},
	{"wide blocks", func(b *body, n int) { // of type 1, which takes and gives many values
		for range n {
			for range wide {
				b.add(0x41, 0)
			}
			b.add(0x02, 1, 0x41, 0, 0x0d, 0, 0x0b) // block (br_if 0 (i32.const 0))
			for range wide {
				b.add(0x1a)
			}
		}
	}},
	{"wide calls", func(b *body, n int) {
		for range wide {
			b.add(0x41, 0)
		}
		for range n {
			b.add(0x10, 1)
		}
		for range wide {
			b.add(0x1a)
		}
	}},
}

const wide = 900

// body is the code of a function.
type body struct {
	code          []byte
	locals        int
	depth, turned int
}

func (b *body) add(code ...byte) { b.code = append(b.code, code...) }
func (b *body) number(n int)     { b.code = binary.AppendUvarint(b.code, uint64(n)) }

// get and set use one local after the other.
func (b *body) get() { b.use(0x20) }
func (b *body) set() { b.use(0x21) }

func (b *body) use(op byte) {
	b.turned = (b.turned + 7) % max(1, b.locals)
	b.add(op)
	b.number(b.turned)
}

func (b *body) change() {
	b.get()
	b.add(0x41, 1, 0x6a) // i32.add (i32.const 1)
	b.set()
}

func (b *body) open(op byte) {
	b.add(op, 0x40)
	b.depth++
}

// close ends the open blocks, each after the given code.
func (b *body) close(code ...byte) {
	for ; b.depth > 0; b.depth-- {
		b.add(code...)
		b.add(0x0b)
	}
}

// function makes a body of that shape.
func (s shape) function(steps, locals int) []byte {
	b := body{locals: locals}
	s.write(&b, steps)
	head := binary.AppendUvarint([]byte{1}, uint64(locals))
	return slices.Concat(head, []byte{0x7f}, b.code, []byte{0x0b})
}

// hostileComponent has one core module with as many functions of that body.
func hostileComponent(function []byte, functions int) []byte {
	section := func(id byte, content []byte) []byte {
		return append(binary.AppendUvarint([]byte{id}, uint64(len(content))), content...)
	}
	many := binary.AppendUvarint([]byte{0x60}, wide)
	for range wide {
		many = append(many, 0x7f)
	}
	many = append(many, many[1:]...)
	types := slices.Concat([]byte{3, 0x60, 1, 0x7f, 1, 0x7f}, many, []byte{0x60, 0, 0})
	// Function 0 returns its argument, function 1 all of them; the others are hostile.
	number := binary.AppendUvarint(nil, uint64(functions+2))
	kinds := append(slices.Clone(number), 0, 1)
	code := append(slices.Clone(number), 4, 0, 0x20, 0, 0x0b)
	all := []byte{0}
	for i := range wide {
		all = binary.AppendUvarint(append(all, 0x20), uint64(i))
	}
	all = append(all, 0x0b)
	code = append(binary.AppendUvarint(code, uint64(len(all))), all...)
	for range functions {
		kinds = append(kinds, 2)
		code = append(binary.AppendUvarint(code, uint64(len(function))), function...)
	}
	module := slices.Concat([]byte("\x00asm\x01\x00\x00\x00"), section(1, types), section(3, kinds), section(10, code))
	return slices.Concat([]byte("\x00asm\x0d\x00\x01\x00"), section(1, module), section(2, []byte{1, 0, 0, 0}))
}
