// Package abitest plays the guest in tests of generated code. An [Env] is an instance without
// WebAssembly: memory, an allocator, a handle table, and the guest's ends of streams and
// futures. Its other half is a model of the Canonical ABI that follows the text of the
// specification, function by function, without regard to speed: values are trees, and types
// are interpreted each time. What generated code lifts and lowers is compared with it.
//
// The model's values are
//
//	bool                        bool
//	u8, u16, u32, u64           uint64
//	s8, s16, s32, s64           int64
//	f32, f64                    Bits
//	char, string                rune, string
//	list, record, tuple         []any
//	map                         []any of []any
//	variant, option, result,
//	enum                        Case
//	flags                       uint64
//	own, borrow                 the host's Go value
//	stream, future              *Channel
package abitest
