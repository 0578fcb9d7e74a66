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
		for n := r.count("types of select"); n > 0; n-- {
			valType(r)
		}
	case immTable:
		for n := r.count("labels"); n >= 0; n-- { // and the default
			r.skipLEB(5)
		}
	default:
		return false
	}
	return true
}

// skipRefused skips what follows an opcode that skipImmediates has left alone
// because it may change what cannot be restored. It is false for the others.
func (r *reader) skipRefused(i instruction) bool {
	switch i.op {
	case 0x08, 0x26: // throw, table.set
		r.skipLEB(5)
	case 0x0a: // throw_ref
	case 0x1f:
		r.skipTryTable()
	case 0xfb:
		return r.skipGC()
	case 0xfc:
		return r.skipTableOp(i.sub)
	case 0xfe:
		return r.skipAtomic()
	default:
		return false
	}
	return true
}

func (r *reader) skipTryTable() {
	r.skipBlockType()
	for n := r.count("catch clauses"); n > 0; n-- {
		kind := r.byte()
		if kind > 3 {
			r.fail("unknown catch clause %#x", kind)
		}
		if kind < 2 { // not catch_all and catch_all_ref
			r.skipLEB(5)
		}
		r.skipLEB(5)
	}
}

// skipTableOp skips what follows an instruction that drops a segment or changes a table.
func (r *reader) skipTableOp(sub uint32) bool {
	switch sub {
	case 9, 13, 15, 16: // data.drop, elem.drop, table.grow, table.fill
		r.skipLEB(5)
	case 12, 14: // table.init, table.copy
		r.skipLEB(5)
		r.skipLEB(5)
	default:
		return false
	}
	return true
}

// skipGC skips an instruction on garbage-collected objects after its first byte.
func (r *reader) skipGC() bool {
	switch sub := r.u32(); {
	case sub <= 1, sub == 6, sub == 7, sub >= 11 && sub <= 14, sub == 16: // struct.new, array.new, array.get, array.set, array.fill
		r.skipLEB(5)
	case sub <= 5, sub >= 8 && sub <= 10, sub >= 17 && sub <= 19: // struct.get, struct.set, array.new_fixed, array.copy, array.init
		r.skipLEB(5)
		r.skipLEB(5)
	case sub == 15, sub >= 26 && sub <= 30: // array.len, conversions, i31
	case sub >= 20 && sub <= 23: // ref.test, ref.cast
		heapType(r)
	case sub == 24, sub == 25: // br_on_cast, br_on_cast_fail
		r.byte()
		r.skipLEB(5)
		heapType(r)
		heapType(r)
	default:
		return false
	}
	return true
}

// skipAtomic skips an atomic instruction after its first byte.
func (r *reader) skipAtomic() bool {
	switch sub := r.u32(); {
	case sub == 3: // atomic.fence
		r.byte()
	case sub <= 2, sub >= 0x10 && sub <= 0x4e:
		r.skipMemArg()
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
