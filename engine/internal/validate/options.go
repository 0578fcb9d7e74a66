package validate

import (
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// abi are canonical options that have been checked (Canonical ABI, "canonopt
// Validation").
type abi struct {
	binary.Options
	memory64 bool
}

func (o abi) signature() types.SignatureOptions {
	return types.SignatureOptions{Async: o.Async, Callback: o.Callback != nil, Memory64: o.memory64}
}

// pointer is the core type of addresses in the memory of the options.
func (o abi) pointer() corewasm.ValType {
	if o.memory64 {
		return corewasm.I64
	}
	return corewasm.I32
}

// options checks what can be said without the function. Which options a
// definition may have is checked by allow.
func (s *scope) options(pos int, o binary.Options) (abi, error) {
	a := abi{Options: o}
	if err := s.encoding(pos, o.Encoding); err != nil {
		return a, err
	}
	if err := s.gc(pos, o); err != nil {
		return a, err
	}
	var err error
	if a.memory64, err = s.memory(pos, o.Memory); err != nil {
		return a, err
	}
	switch {
	case o.Realloc != nil && o.Memory == nil:
		return a, s.fail(pos, RuleOption, "canonical option realloc requires memory to be specified as well")
	case o.PostReturn != nil && o.Async:
		return a, s.fail(pos, RuleOption, "canonical option post-return cannot be specified together with async")
	case o.Callback != nil && !o.Async:
		return a, s.fail(pos, RuleOption, "canonical option callback cannot be specified without async")
	}
	p := a.pointer()
	if err := s.optionFunc(pos, "realloc", o.Realloc, corewasm.FuncType{
		Params: []corewasm.ValType{p, p, p, p}, Results: []corewasm.ValType{p},
	}); err != nil {
		return a, err
	}
	return a, s.optionFunc(pos, "callback", o.Callback, corewasm.FuncType{Params: i32(3), Results: i32(1)})
}

// i32 is n times i32.
func i32(n int) []corewasm.ValType { return slices.Repeat([]corewasm.ValType{corewasm.I32}, n) }

func (s *scope) encoding(pos int, e binary.Encoding) error {
	f := s.v.features
	if e == binary.UTF16 && !f.UTF16 || e == binary.Latin1UTF16 && !f.Latin1UTF16 {
		return s.unsupported(pos, "string-encoding="+e.String())
	}
	return nil
}

// memory checks a memory option and reports whether its addresses are 64 bits.
func (s *scope) memory(pos int, index *uint32) (is64 bool, err error) {
	if index == nil {
		return false, nil
	}
	m, err := at(s, pos, s.coreMemories, *index, "core memory")
	if err != nil {
		return false, err
	}
	if m.Is64 && !s.v.features.Memory64 {
		return false, s.unsupported(pos, "a 64-bit memory in a canonical definition")
	}
	want := corewasm.ExternType{Kind: corewasm.Memory, Memory: corewasm.Limits{Is64: m.Is64, PageSizeLog2: 16}}
	if got := (corewasm.ExternType{Kind: corewasm.Memory, Memory: m}); !got.Matches(want) {
		return false, s.fail(pos, RuleOption, "canonical option memory cannot be a memory of type %s", m)
	}
	return m.Is64, nil
}

// optionFunc checks the type of a core function that an option names.
func (s *scope) optionFunc(pos int, option string, index *uint32, want corewasm.FuncType) error {
	if index == nil {
		return nil
	}
	f, err := at(s, pos, s.coreFuncs, *index, "core func")
	if err != nil {
		return err
	}
	if !f.Equal(want) {
		return s.fail(pos, RuleSignature, "canonical option %s uses a core function with an incorrect signature: expected %s, found %s",
			option, want, f)
	}
	return nil
}

// optional canonical options of a definition.
type optionSet struct{ realloc, postReturn, async, callback, gc bool }

// allow refuses options that a definition cannot have.
func (s *scope) allow(pos int, what string, o binary.Options, set optionSet) error {
	refuse := func(option string) error {
		return s.fail(pos, RuleOption, "canonical option %s cannot be specified for %s", option, what)
	}
	switch {
	case o.Realloc != nil && !set.realloc:
		return refuse("realloc")
	case o.PostReturn != nil && !set.postReturn:
		return refuse("post-return")
	case o.Callback != nil && !set.callback:
		return refuse("callback")
	case o.Async && !set.async:
		return refuse("async")
	case o.GC && !set.gc:
		return s.unsupported(pos, "the GC form of "+what)
	}
	return nil
}

// need is what the values that pass a definition demand of its options.
type need struct{ memory, realloc bool }

// read notes that core code's values of type t are read (lifted).
func (n *need) read(t *types.Val) {
	n.memory = n.memory || t != nil && t.HasPointer
}

// write notes that values of type t are written for core code (lowered), which
// has to make room for what is not of fixed size.
func (n *need) write(t *types.Val) {
	if t != nil && t.HasPointer {
		n.memory, n.realloc = true, true
	}
}

func (s *scope) require(pos int, n need, o binary.Options) error {
	switch {
	case n.memory && o.Memory == nil:
		return s.fail(pos, RuleOption, "canonical option memory is required")
	case n.realloc && o.Realloc == nil:
		return s.fail(pos, RuleOption, "canonical option realloc is required")
	}
	return nil
}
