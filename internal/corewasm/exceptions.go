package corewasm

// KeepsExceptions reports whether the code of a module may have exceptions as
// values, which it gets from clauses of try_table that catch references. Throwing
// and catching alone leaves none behind. The time is linear in the module's size.
//
// m is the result of Parse for the same bytes. The error is an *Error for code
// that no compiler accepts either.
func KeepsExceptions(wasm []byte, m *Module) (keeps bool, err error) {
	defer catch(&err)
	for _, body := range m.bodies(wasm) {
		body.locals()
		for body.left() > 0 {
			i := body.instruction()
			if i.op == 0x1f {
				keeps = keeps || catchesReference(*body)
			}
			if !body.skipImmediates(i.kind) && !body.skipRefused(i) {
				body.fail("%s", i)
			}
		}
	}
	return keeps, nil
}

// catchesReference reports whether a try_table, whose block type is next, has a
// clause catch_ref or catch_all_ref.
func catchesReference(r reader) bool {
	r.skipBlockType()
	refs := false
	for n := r.count("catch clauses"); n > 0; n-- {
		kind := r.byte()
		refs = refs || kind == 1 || kind == 3
		if kind < 2 {
			r.skipLEB(5)
		}
		r.skipLEB(5)
	}
	return refs
}
