package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// The GC form of canonical options passes values as references to objects of core code. The
// component model has not settled it. Functions without values have the same core signature in
// both forms; they are all that is supported of it.

// gc checks what can be said of the GC options without the function.
func (s *scope) gc(pos int, o binary.Options) error {
	switch {
	case !o.GC && o.CoreType == nil:
		return nil
	case !s.v.features.GC:
		return s.unsupported(pos, "the GC form of canonical options")
	case !o.GC:
		return s.fail(pos, RuleOption, "canonical option core-type cannot be specified without gc")
	case o.Memory != nil:
		return s.fail(pos, RuleOption, "canonical option memory cannot be specified together with gc")
	}
	return nil
}

// gcFunc checks the GC options of a function that is lifted or lowered.
func (s *scope) gcFunc(pos int, f *types.Func, o binary.Options, lower bool) error {
	switch {
	case !o.GC:
		return nil
	case len(f.Params) > 0 || f.Result != nil:
		return s.unsupported(pos, "the GC form of a function with values")
	case !lower && o.CoreType != nil:
		return s.fail(pos, RuleOption, "canonical option core-type cannot be specified for canon lift")
	case !lower:
		return nil
	case o.CoreType == nil:
		return s.fail(pos, RuleOption, "canonical option gc requires core-type to be specified as well for canon lower")
	}
	t, err := at(s, pos, s.coreTypes, *o.CoreType, "core type")
	if err != nil {
		return err
	}
	want := f.LowerSignature(types.SignatureOptions{Async: o.Async})
	if t.fn == nil || !t.fn.Equal(want) {
		return s.fail(pos, RuleSignature, "canonical option core-type: core type index %d is not the function type %s", *o.CoreType, want)
	}
	return nil
}
