package abitest

import "github.com/spinhost/spin/hostapi/wit"

// resolve follows aliases, and turns maps into lists.
func resolve(t wit.Type) wit.Type {
	if d, ok := t.(*wit.TypeDef); ok {
		t = d.Resolve()
	}
	if m, ok := t.(*wit.Map); ok {
		return &wit.List{Elem: &wit.Tuple{Types: []wit.Type{m.Key, m.Value}}}
	}
	return t
}

// fields returns the fields of a record or tuple, nil for other types.
func fields(t wit.Type) []wit.Type {
	switch t := resolve(t).(type) {
	case *wit.Tuple:
		return t.Types
	case *wit.TypeDef:
		if r, ok := t.Kind.(*wit.Record); ok {
			var list []wit.Type
			for _, f := range r.Fields {
				list = append(list, f.Type)
			}
			return list
		}
	}
	return nil
}

// cases returns the payloads of the cases of a variant, option, result or enum, nil for
// other types (Canonical ABI, despecialize).
func cases(t wit.Type) []wit.Type {
	switch t := resolve(t).(type) {
	case *wit.Option:
		return []wit.Type{nil, t.Elem}
	case *wit.Result:
		return []wit.Type{t.OK, t.Err}
	case *wit.TypeDef:
		switch k := t.Kind.(type) {
		case *wit.Variant:
			var list []wit.Type
			for _, c := range k.Cases {
				list = append(list, c.Type)
			}
			return list
		case *wit.Enum:
			return make([]wit.Type, len(k.Cases))
		}
	}
	return nil
}

// labels returns the number of flags, 0 for other types.
func labels(t wit.Type) int {
	if d, ok := resolve(t).(*wit.TypeDef); ok {
		if f, ok := d.Kind.(*wit.Flags); ok {
			return len(f.Flags)
		}
	}
	return 0
}

// alignment is as in the Canonical ABI.
func alignment(t wit.Type) uint32 {
	if fs := fields(t); fs != nil {
		a := uint32(1)
		for _, f := range fs {
			a = max(a, alignment(f))
		}
		return a
	}
	if cs := cases(t); cs != nil {
		return max(discriminant(cs), maxCaseAlignment(cs))
	}
	switch resolve(t).(type) {
	case *wit.List:
		return 4
	}
	if t := resolve(t); t == wit.String {
		return 4
	}
	return elemSize(t)
}

// elemSize is elem_size of the Canonical ABI.
func elemSize(t wit.Type) uint32 {
	if fs := fields(t); fs != nil {
		s := uint32(0)
		for _, f := range fs {
			s = alignTo(s, alignment(f)) + elemSize(f)
		}
		return alignTo(s, alignment(t))
	}
	if cs := cases(t); cs != nil {
		s := alignTo(discriminant(cs), maxCaseAlignment(cs))
		largest := uint32(0)
		for _, c := range cs {
			if c != nil {
				largest = max(largest, elemSize(c))
			}
		}
		return alignTo(s+largest, alignment(t))
	}
	switch n := labels(t); {
	case n > 16:
		return 4
	case n > 8:
		return 2
	case n > 0:
		return 1
	}
	switch t := resolve(t).(type) {
	case wit.Primitive:
		switch t {
		case wit.Bool, wit.S8, wit.U8:
			return 1
		case wit.S16, wit.U16:
			return 2
		case wit.S64, wit.U64, wit.F64, wit.String:
			return 8
		}
	case *wit.List:
		return 8
	}
	return 4
}

func discriminant(cs []wit.Type) uint32 {
	switch n := len(cs); {
	case n > 1<<16:
		return 4
	case n > 1<<8:
		return 2
	}
	return 1
}

func maxCaseAlignment(cs []wit.Type) uint32 {
	a := uint32(1)
	for _, c := range cs {
		if c != nil {
			a = max(a, alignment(c))
		}
	}
	return a
}

func alignTo(p, a uint32) uint32 {
	for p%a != 0 {
		p++
	}
	return p
}

// A core is the type of a core value.
type core string

// flatten is flatten_type of the Canonical ABI.
func flatten(t wit.Type) []core {
	if t == nil {
		return nil
	}
	if fs := fields(t); fs != nil {
		var flat []core
		for _, f := range fs {
			flat = append(flat, flatten(f)...)
		}
		return flat
	}
	if cs := cases(t); cs != nil {
		var flat []core
		for _, c := range cs {
			for i, ft := range flatten(c) {
				if i < len(flat) {
					flat[i] = join(flat[i], ft)
				} else {
					flat = append(flat, ft)
				}
			}
		}
		return append([]core{"i32"}, flat...)
	}
	switch t := resolve(t).(type) {
	case wit.Primitive:
		switch t {
		case wit.S64, wit.U64:
			return []core{"i64"}
		case wit.F32:
			return []core{"f32"}
		case wit.F64:
			return []core{"f64"}
		case wit.String:
			return []core{"i32", "i32"}
		}
	case *wit.List:
		return []core{"i32", "i32"}
	}
	return []core{"i32"}
}

func join(a, b core) core {
	switch {
	case a == b:
		return a
	case a == "i32" && b == "f32", a == "f32" && b == "i32":
		return "i32"
	}
	return "i64"
}
