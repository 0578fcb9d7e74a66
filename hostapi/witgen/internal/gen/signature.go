package gen

import "github.com/spinhost/spin/hostapi/wit"

// Limits of flat forms (Canonical ABI, MAX_FLAT_PARAMS and its like).
const (
	maxFlatParams      = 16
	maxFlatAsyncParams = 4
	maxFlatResults     = 1
)

// param is a parameter of a function as it crosses the boundary.
type param struct {
	field
	label string
}

// wireParams returns the parameters of a function, self included, going the way d.
func (p *pkg) wireParams(f *wit.Func, d dir) []param {
	t, list := p.paramTuple(f, d), make([]param, len(f.Params))
	for i, q := range f.Params {
		list[i] = param{t.fields[i], q.Name}
	}
	return list
}

// paramTuple returns the parameters as the record that they make in memory.
func (p *pkg) paramTuple(f *wit.Func, d dir) *typ {
	t := &typ{kind: kindRecord}
	for _, q := range f.Params {
		t.fields = append(t.fields, field{goName: p.localName(q.Name), typ: p.typ(q.Type, d, q.Pos)})
	}
	t.layFields()
	return t
}

// result is the result of a function: nothing, a value, or a value or an error case.
type result struct {
	typ     *typ // nil if there is none
	ok      *typ // the value, nil if there is none
	fails   bool // typ is a result, whose error case is the Go error
	errType *typ // its type, nil if the case carries nothing
	goErr   string
	boxed   bool // goErr is an abi.Err of it
}

// resultOf returns the result of a function going the way d.
func (p *pkg) resultOf(f *wit.Func, d dir) result {
	if f.Result == nil {
		return result{}
	}
	t := p.typ(f.Result, d, f.Pos)
	if !isResult(f.Result) {
		return result{typ: t, ok: t}
	}
	r := result{typ: t, ok: t.cases[0].typ, fails: true, errType: t.cases[1].typ}
	r.goErr, r.boxed = "abi.Err["+goOf(r.errType)+"]", true
	if e := r.errType; e != nil && e.def != nil && !e.handle() && p.isError(e.def) {
		r.goErr, r.boxed = e.goty, false
	}
	return r
}

// isResult reports whether t is a result, perhaps by another name.
func isResult(t wit.Type) bool {
	if d, ok := t.(*wit.TypeDef); ok {
		t = d.Resolve()
	}
	_, ok := t.(*wit.Result)
	return ok
}

// goResults is the result part of the Go signature.
func (r result) goResults() string {
	if r.ok == nil {
		return "error"
	}
	return "(" + r.ok.goty + ", error)"
}

// flat is the number of core values of the result.
func (r result) flat() int {
	if r.typ == nil {
		return 0
	}
	return r.typ.flat
}
