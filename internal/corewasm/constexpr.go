package corewasm

// constExpr skips a constant expression (core specification, "Constant
// Expressions"), which stands after the type of a global and of some tables.
func constExpr(r *reader) {
	for {
		switch op := r.byte(); op {
		case 0x0b: // end
			return
		case 0x41: // i32.const
			r.sleb(32)
		case 0x42: // i64.const
			r.sleb(64)
		case 0x43: // f32.const
			r.bytes(4)
		case 0x44: // f64.const
			r.bytes(8)
		case 0x23, 0xd2: // global.get, ref.func
			r.u32()
		case 0xd0: // ref.null
			r.sleb(33)
		case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e: // add, sub, mul of i32 and i64
		case 0xfd:
			if sub := r.u32(); sub != 12 { // v128.const
				r.fail("instruction 0xfd %d is not constant", sub)
			}
			r.bytes(16)
		case 0xfb:
			constGC(r)
		default:
			r.fail("instruction %#x is not constant", op)
		}
	}
}

func constGC(r *reader) {
	switch sub := r.u32(); sub {
	case 0, 1, 6, 7: // struct.new, struct.new_default, array.new, array.new_default
		r.u32()
	case 8: // array.new_fixed
		r.u32()
		r.u32()
	case 26, 27, 28: // any.convert_extern, extern.convert_any, ref.i31
	default:
		r.fail("instruction 0xfb %d is not constant", sub)
	}
}
