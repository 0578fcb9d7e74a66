package adapter

import "github.com/spinhost/spin/internal/corewasm"

// Fault says which rule a value breaks that an adapter copies.
type Fault uint32

// The faults, with the operands that are passed with them.
const (
	BadRange  Fault = iota // a list: its address, its length, the size and alignment of elements
	BadPlace               // memory for a value: its address, its size, 0, its alignment
	BadCase                // a variant: the discriminant, the number of cases
	BadChar                // a char
	BadString              // a string that is not UTF-8
	TooMuch                // lists and strings: the receiver's memory cannot have room for all
)

// OfCallee is added to a fault if the memory is the callee's; else it is the caller's.
const OfCallee Fault = 1 << 8

// FaultType is the type of the trampolines that are told of faults: the fault and its operands.
func FaultType() corewasm.FuncType {
	return corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32, corewasm.I32, corewasm.I32, corewasm.I32, corewasm.I32}}
}

// SaveType and RestoreType are the types of the imports SaveContext and RestoreContext.
func SaveType() corewasm.FuncType {
	return corewasm.FuncType{Results: []corewasm.ValType{corewasm.I64, corewasm.I64}}
}

// RestoreType is described with SaveType.
func RestoreType() corewasm.FuncType {
	return corewasm.FuncType{Params: []corewasm.ValType{corewasm.I64, corewasm.I64}}
}
