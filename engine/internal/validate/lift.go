package validate

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// lift checks a function made of a core function (Canonical ABI, "canon lift").
func (s *scope) lift(d *binary.Lift) error {
	pos := d.Offset
	f, sh, err := s.funcType(pos, d.Type)
	if err != nil {
		return err
	}
	callee, err := at(s, pos, s.coreFuncs, d.CoreFunc, "core func")
	if err != nil {
		return err
	}
	o, err := s.options(pos, d.Options)
	if err != nil {
		return err
	}
	if err := s.async(pos, o, f); err != nil {
		return err
	}
	if err := s.gcFunc(pos, f, d.Options, false); err != nil {
		return err
	}
	if o.Async && o.Callback == nil && !s.v.features.Stackful {
		return s.unsupported(pos, "canon lift with async and without callback")
	}
	if err := s.require(pos, liftNeeds(f, o), o.Options); err != nil {
		return err
	}
	want := f.LiftSignature(o.signature())
	if !callee.Equal(want) {
		return s.fail(pos, RuleSignature, "canon lift: the type %s needs a core function of type %s, found %s", f.Short(), want, callee)
	}
	if err := s.optionFunc(pos, "post-return", o.PostReturn, corewasm.FuncType{Params: want.Results}); err != nil {
		return err
	}
	d.Func = f
	s.add(item{types.ExternType{Kind: types.FuncExtern, Func: f}, sh})
	return nil
}

// async checks the async option against the function's type.
func (s *scope) async(pos int, o abi, f *types.Func) error {
	if o.Async && !f.Async {
		return s.fail(pos, RuleOption, "the async canonical option requires an async function type "+
			"(components built for a 2025 preview of WASI 0.3 have none: rebuild with current tools)")
	}
	return nil
}

// liftNeeds are the options that f's values demand: parameters are written into
// the core function's memory, results are read from it.
func liftNeeds(f *types.Func, o abi) need {
	var n need
	for _, p := range f.Params {
		n.write(p.Type)
	}
	if f.ParamFlatCount > types.MaxFlatParams {
		n.memory, n.realloc = true, true
	}
	limit := types.MaxFlatResults
	if o.Async {
		limit = types.MaxFlatParams // the result goes to task.return as parameters
	}
	n.read(f.Result)
	n.memory = n.memory || f.ResultFlatCount() > limit
	return n
}

// lower checks a core function made of a function (Canonical ABI, "canon lower").
func (s *scope) lower(d *binary.Lower) error {
	pos := d.Offset
	it, err := s.item(pos, types.FuncExtern, d.Func)
	if err != nil {
		return err
	}
	f := it.Type.Func
	if err := s.allow(pos, "canon lower", d.Options, optionSet{realloc: true, async: true, gc: true}); err != nil {
		return err
	}
	o, err := s.options(pos, d.Options)
	if err != nil {
		return err
	}
	if err := s.async(pos, o, f); err != nil {
		return err
	}
	if err := s.gcFunc(pos, f, d.Options, true); err != nil {
		return err
	}
	if err := s.require(pos, lowerNeeds(f, o), o.Options); err != nil {
		return err
	}
	d.Type, d.CoreType = f, f.LowerSignature(o.signature())
	s.addCoreFunc(&d.CoreType)
	return nil
}

// lowerNeeds are the options that f's values demand: parameters are read from
// the caller's memory, results are written into it.
func lowerNeeds(f *types.Func, o abi) need {
	params, results := types.MaxFlatParams, types.MaxFlatResults
	if o.Async {
		params, results = types.MaxFlatAsyncParams, 0
	}
	n := need{memory: f.ParamFlatCount > params || f.ResultFlatCount() > results}
	for _, p := range f.Params {
		n.read(p.Type)
	}
	n.write(f.Result)
	return n
}

func (s *scope) addCoreFunc(t *corewasm.FuncType) { s.coreFuncs = append(s.coreFuncs, t) }
