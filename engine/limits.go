package engine

import "github.com/spinhost/spin/engine/internal/limits"

// Limits bound what a component may be made of, so that loading one which nobody vouches for
// takes a bounded time and bounded memory. Fields that are not positive stand for their
// defaults, which suit a server that takes components from anybody: a whole language runtime
// such as CPython or SpiderMonkey stays below half of each. What is exceeded is a
// [StaticLimitError].
//
// Those of the second group bound the compiler, which can be neither interrupted nor limited
// once it runs. They hold for all core modules of a component, also those in nested ones.
type Limits struct {
	Size        int // bytes of the component; 128 MiB
	Depth       int // of components, and of types, within each other; 100
	Components  int // nested ones, at all depths; 10,000
	Modules     int // core modules, at all depths; 1,000
	Definitions int // of all kinds, and declarations in types, at all depths; 500,000
	Types       int // component and core types, at all depths; 200,000
	TypeSize    int // parts of one value type, written out as a tree; 1,000,000, which is also the most
	Imports     int // of components and component types in all, and of each core module; 200,000
	Instances   int // of components, and of core modules, that one instance makes in all; 10,000
	Args        int // of instantiations; 200,000
	Parts       int // fields, cases, labels, parameters, arguments, options, in all; 1,000,000
	NameBytes   int // length of one name; 100,000

	CodeBytes     int // of all functions; 32 MiB
	Functions     int // core functions; 200,000
	FunctionBytes int // of one function; 1 MiB
	Locals        int // of one function, without parameters; 10,000
	BranchTargets int // entries of the br_tables of one function; 50,000
	// FunctionCost and Cost are of one function and of all. They count the values that a
	// compiler may have to carry along the edges of a function's control flow, blocks and
	// branches: edges times locals, for the most part. Time and memory for compiling grow
	// with them. 2,000,000 and 32,000,000.
	FunctionCost int
	Cost         int

	// What the core instances of a component begin with, together.
	Memories      int // 100
	Tables        int // 1,000
	TableElements int // 2,000,000
}

// StaticLimitError says which of the [Limits] a component exceeds.
//
// Limit is the name of the field, Value what the component has of it, as far as it was
// counted, and Max the limit. Offset is the place in the component, in bytes, or -1 if it is
// the whole of it, and Path the nested component, such as "component 2 / component 0", or ""
// for the root.
type StaticLimitError = limits.Error
