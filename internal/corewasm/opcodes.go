package corewasm

// What follows an opcode, and which instructions are not walked at all: the
// letters of the tables below.
const (
	immNone    = '.'
	immLEB32   = 'i' // an index, a label, i32.const
	immLEB32x2 = 'j' // two indices
	immLEB64   = 'l' // i64.const
	imm4       = '4' // f32.const
	imm8       = '8' // f64.const
	imm16      = 'v' // v128.const, i8x16.shuffle
	immLane    = 'b'
	immMemArg  = 'm'
	immMemLane = 'n' // memory argument and lane
	immBlock   = 't' // block type
	immHeap    = 'h' // heap type
	immSelect  = 's' // vector of value types
	immTable   = 'T' // labels of br_table
	immPrefix  = 'P' // a second opcode
	immRefused = 'X' // may change state that cannot be restored
	immUnknown = ' '
)

// The tables have a letter for each opcode, sixteen to a row, in the order of
// the core specification's "Index of Instructions". They hold release 3 and the
// wide-arithmetic proposal.
const (
	opcodes = "" +
		"..ttt.XXXXX.iiT." + // 00: control; 06 to 0a are exceptions
		"ijijii  XX..s  X" + // 10: calls; 18, 19, 1f are exceptions
		"iiiiiiX mmmmmmmm" + // 20: variables, tables (26 is table.set), memory
		"mmmmmmmmmmmmmmmi" +
		"iil48..........." + // 40: memory.grow, constants, numbers
		"................" +
		"................" +
		"................" +
		"................" +
		"................" +
		"................" +
		"................" +
		".....           " + // c0: sign extension
		"h.i..ii         " + // d0: references
		"                " +
		"           XPPX " // f0: fb is garbage collection, fe is atomics

	opcodesFC = "" +
		"........jXjiXXXX" + // 00: saturating conversions, bulk memory, tables
		"iX ...." // 10: table.size, table.fill, wide arithmetic

	opcodesFD = "" + // vectors
		"mmmmmmmmmmmmvv.." +
		".....bbbbbbbbbbb" +
		"bbb............." +
		"................" +
		"................" +
		"....nnnnnnnnmm.." + // 50: lanes in memory
		"................" +
		"................" +
		"................" +
		".......... ....." +
		".. ..  ........ " + // a0
		" .   ...... ...." +
		".. ..  ........ " + // c0
		" .   ..........." +
		".. ........... ." + // e0
		"................" +
		"................" + // 100: relaxed
		"...."
)
