package gen

import "github.com/spinhost/spin/hostapi/wit"

// isError reports whether a type implements error in Go: it is the error case of a result
// somewhere in its own WIT package.
func (p *pkg) isError(d *wit.TypeDef) bool {
	if d.Interface == nil {
		return false
	}
	w := d.Interface.Package
	if p.errorTypes == nil {
		p.errorTypes = map[*wit.Package]map[*wit.TypeDef]bool{}
	}
	if p.errorTypes[w] == nil {
		p.errorTypes[w] = errorTypes(w)
	}
	return p.errorTypes[w][d]
}

// errorTypes collects the records, variants and enums that are the error case of a result.
func errorTypes(w *wit.Package) map[*wit.TypeDef]bool {
	found, seen := map[*wit.TypeDef]bool{}, map[*wit.TypeDef]bool{}
	var visit func(t wit.Type)
	visit = func(t wit.Type) {
		switch t := t.(type) {
		case *wit.Result:
			if d, ok := resolved(t.Err); ok {
				found[d] = true
			}
		case *wit.TypeDef:
			if seen[t] {
				return
			}
			seen[t] = true
		}
		for _, part := range parts(t) {
			visit(part)
		}
	}
	for _, i := range w.Interfaces {
		for _, d := range i.Types {
			visit(d)
		}
		for _, f := range i.Funcs {
			for _, q := range f.Params {
				visit(q.Type)
			}
			visit(f.Result)
		}
	}
	return found
}

// resolved returns the definition of the record, variant or enum that t stands for.
func resolved(t wit.Type) (*wit.TypeDef, bool) {
	d, ok := t.(*wit.TypeDef)
	if !ok {
		return nil, false
	}
	d, ok = d.Resolve().(*wit.TypeDef)
	if !ok {
		return nil, false
	}
	switch d.Kind.(type) {
	case *wit.Record, *wit.Variant, *wit.Enum:
		return d, true
	}
	return nil, false
}

// parts returns the types that t is made of.
func parts(t wit.Type) []wit.Type {
	switch t := t.(type) {
	case *wit.List:
		return []wit.Type{t.Elem}
	case *wit.Map:
		return []wit.Type{t.Key, t.Value}
	case *wit.Option:
		return []wit.Type{t.Elem}
	case *wit.Result:
		return []wit.Type{t.OK, t.Err}
	case *wit.Tuple:
		return t.Types
	case *wit.Stream:
		return []wit.Type{t.Elem}
	case *wit.Future:
		return []wit.Type{t.Elem}
	case *wit.TypeDef:
		return definitionParts(t)
	}
	return nil
}

func definitionParts(d *wit.TypeDef) []wit.Type {
	var list []wit.Type
	switch k := d.Kind.(type) {
	case *wit.Alias:
		list = append(list, k.Type)
	case *wit.Record:
		for _, f := range k.Fields {
			list = append(list, f.Type)
		}
	case *wit.Variant:
		for _, c := range k.Cases {
			list = append(list, c.Type)
		}
	}
	return list
}
