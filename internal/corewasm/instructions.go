package corewasm

import "fmt"

const opEnd = 0x0b

// instruction is one opcode with its prefix, and what it is in the tables.
type instruction struct {
	op   byte
	sub  uint32 // after a prefix
	kind byte
}

// instruction reads an opcode, but not what follows it.
func (r *reader) instruction() instruction {
	i := instruction{op: r.byte()}
	if i.kind = opcodes[i.op]; i.kind == immPrefix {
		r.secondOpcode(&i)
	}
	return i
}

func (r *reader) secondOpcode(i *instruction) {
	table := opcodesFC
	if i.op == 0xfd {
		table = opcodesFD
	}
	i.sub, i.kind = r.u32(), immUnknown
	if uint64(i.sub) < uint64(len(table)) {
		i.kind = table[i.sub]
	}
}

// skipImmediates skips what follows an opcode, and is false if it cannot.
func (r *reader) skipImmediates(kind byte) bool {
	switch kind {
	case immNone:
	case immLEB32:
		r.skipLEB(5)
	case immLEB32x2:
		r.skipLEB(5)
		r.skipLEB(5)
	case immLEB64:
		r.skipLEB(10)
	case imm4:
		r.bytes(4)
	case imm8:
		r.bytes(8)
	case imm16:
		r.bytes(16)
	case immLane:
		r.byte()
	case immMemArg:
		r.skipMemArg()
	case immMemLane:
		r.skipMemArg()
		r.byte()
	case immBlock:
		r.skipBlockType()
	case immHeap:
		heapType(r)
	case immSelect:
		for n := r.count("types of select", r.left()); n > 0; n-- {
			valType(r)
		}
	case immTable:
		for n := r.count("labels", r.left()); n >= 0; n-- { // and the default
			r.skipLEB(5)
		}
	default:
		return false
	}
	return true
}

// skipMemArg skips an alignment, the index of a memory if its bit 6 says so,
// and an offset, which has 64 bits in a 64-bit memory.
func (r *reader) skipMemArg() {
	align := r.u32()
	if align >= 1<<7 {
		r.fail("alignment 2^%d", align)
	}
	if align&(1<<6) != 0 {
		r.skipLEB(5)
	}
	r.skipLEB(10)
}

// skipBlockType skips a block type: nothing (0x40), a value type or, as a
// positive number, the index of a function type.
func (r *reader) skipBlockType() {
	if c := r.peek(); c&0xc0 == 0x40 && c != 0x40 {
		valType(r)
		return
	}
	r.skipLEB(5)
}

// String names an instruction that is not walked, for messages.
func (i instruction) String() string {
	switch {
	case i.kind != immRefused && i.op >= 0xfc && i.op <= 0xfd:
		return fmt.Sprintf("the unknown instruction %#x %d", i.op, i.sub)
	case i.kind != immRefused:
		return fmt.Sprintf("the unknown instruction %#x", i.op)
	case i.op == 0x26:
		return "table.set"
	case i.op == 0xfb:
		return "garbage-collected objects"
	case i.op == 0xfe:
		return "atomic instructions"
	case i.op != 0xfc:
		return "exception handling"
	}
	switch i.sub {
	case 9:
		return "data.drop"
	case 12:
		return "table.init"
	case 13:
		return "elem.drop"
	case 14:
		return "table.copy"
	case 15:
		return "table.grow"
	default:
		return "table.fill"
	}
}
