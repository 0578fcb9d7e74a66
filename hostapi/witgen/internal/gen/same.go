package gen

import (
	"maps"
	"slices"

	"github.com/spinhost/spin/hostapi/wit"
)

// findSame finds the types that the package has as another version of it has them, which are the
// Go types of that version.
func (p *pkg) findSame(set *wit.Set, versions map[string]string) {
	p.same = map[*wit.TypeDef]*foreign{}
	for _, id := range slices.Sorted(maps.Keys(versions)) {
		old := set.Package(id)
		switch {
		case old == nil:
			p.add(wit.Position{}, ErrOption, "-same %s: the WIT has no such package; add its folder to -wit", id)
			continue
		case old == p.wit || old.Namespace != p.wit.Namespace || old.Name != p.wit.Name:
			p.add(wit.Position{}, ErrOption, "-same %s: write another version of the package", id)
			continue
		}
		a := agreement{p, p.counterparts(old)}
		a.settle()
		for def := range a.same {
			p.same[def] = p.use[id]
		}
	}
}

// counterparts finds the definitions that have the names of those in another version.
func (p *pkg) counterparts(old *wit.Package) map[*wit.TypeDef]*wit.TypeDef {
	found := map[*wit.TypeDef]*wit.TypeDef{}
	for _, i := range p.wit.Interfaces {
		for _, o := range old.Interfaces {
			if o.Name != i.Name || p.foreignInterface(i) != nil {
				continue
			}
			for _, def := range i.Types {
				k := slices.IndexFunc(o.Types, func(was *wit.TypeDef) bool { return was.Name == def.Name })
				if k >= 0 && p.typeName(def) == p.typeName(o.Types[k]) && p.isError(def) == p.isError(o.Types[k]) {
					found[def] = o.Types[k]
				}
			}
		}
	}
	return found
}

// agreement compares definitions of two versions of a package.
type agreement struct {
	p    *pkg
	same map[*wit.TypeDef]*wit.TypeDef // as far as is known
}

// settle takes out whatever does not agree, until what is left does: resources may have methods
// with themselves.
func (a agreement) settle() {
	for again := true; again; {
		again = false
		for t, was := range a.same {
			if !a.kinds(t, was) {
				delete(a.same, t)
				again = true
			}
		}
	}
}

// types reports whether t has the Go form of was, and the same name if it has one. Types with
// streams and futures have a form each way, and so do not agree.
func (a agreement) types(t, was wit.Type) bool {
	if t == nil || was == nil {
		return t == nil && was == nil
	}
	switch t := t.(type) {
	case wit.Primitive:
		return t == was
	case *wit.Own:
		o, ok := was.(*wit.Own)
		return ok && a.definitions(t.Named, o.Named)
	case *wit.Borrow:
		b, ok := was.(*wit.Borrow)
		return ok && a.definitions(t.Named, b.Named)
	case *wit.Stream, *wit.Future:
		return false
	case *wit.TypeDef:
		d, ok := was.(*wit.TypeDef)
		return ok && a.definitions(t, d)
	}
	x, y := parts(t), parts(was)
	return sameForm(t, was) && slices.EqualFunc(x, y, a.types)
}

// sameForm compares types without their parts.
func sameForm(t, was wit.Type) bool {
	switch t := t.(type) {
	case *wit.List:
		l, ok := was.(*wit.List)
		return ok && t.Len == l.Len
	case *wit.Map:
		_, ok := was.(*wit.Map)
		return ok
	case *wit.Option:
		_, ok := was.(*wit.Option)
		return ok
	case *wit.Result:
		_, ok := was.(*wit.Result)
		return ok
	case *wit.Tuple:
		_, ok := was.(*wit.Tuple)
		return ok
	}
	return false
}

// definitions reports whether t and was agree, perhaps since they are one, of a third package, or
// since one Go package stands for both of the packages that they are of.
func (a agreement) definitions(t, was *wit.TypeDef) bool {
	if t == was || a.same[t] == was {
		return true
	}
	f := a.elsewhere(t)
	return f != nil && f == a.elsewhere(was) && a.p.typeName(t) == a.p.typeName(was)
}

// elsewhere returns the Go package of a type that is of no version of the package.
func (a agreement) elsewhere(def *wit.TypeDef) *foreign {
	i := def.Interface
	if i == nil || i.Package.Namespace == a.p.wit.Namespace && i.Package.Name == a.p.wit.Name {
		return nil
	}
	return a.p.foreignInterface(i)
}

// kinds compares what definitions are.
func (a agreement) kinds(t, was *wit.TypeDef) bool {
	switch k := t.Kind.(type) {
	case *wit.Alias:
		o, ok := was.Kind.(*wit.Alias)
		return ok && a.types(k.Type, o.Type)
	case *wit.Record:
		o, ok := was.Kind.(*wit.Record)
		return ok && slices.EqualFunc(k.Fields, o.Fields, func(f, g wit.Field) bool {
			return f.Name == g.Name && a.member(f.Name, f.Docs, g.Docs, f.Pos) && a.types(f.Type, g.Type)
		})
	case *wit.Variant:
		o, ok := was.Kind.(*wit.Variant)
		return ok && slices.EqualFunc(k.Cases, o.Cases, func(c, d wit.Case) bool {
			return c.Name == d.Name && a.member(c.Name, c.Docs, d.Docs, c.Pos) && a.types(c.Type, d.Type)
		})
	case *wit.Enum:
		o, ok := was.Kind.(*wit.Enum)
		return ok && a.labels(k.Cases, o.Cases)
	case *wit.Flags:
		o, ok := was.Kind.(*wit.Flags)
		return ok && a.labels(k.Flags, o.Flags)
	case *wit.Resource:
		o, ok := was.Kind.(*wit.Resource)
		return ok && slices.EqualFunc(methods(k), methods(o), a.functions)
	}
	return false
}

func (a agreement) labels(list, was []wit.Label) bool {
	return slices.EqualFunc(list, was, func(l, m wit.Label) bool { return l.Name == m.Name && a.member(l.Name, l.Docs, m.Docs, l.Pos) })
}

// member reports whether a field or case has the same name in Go.
func (a agreement) member(label, docs, was string, pos wit.Position) bool {
	return a.p.memberName(label, docs, pos) == a.p.memberName(label, was, pos)
}

// functions reports whether methods have the same form in Go; whether they may block is another
// matter.
func (a agreement) functions(f, was *wit.Func) bool {
	return a.p.funcName(f) == a.p.funcName(was) && isResult(f.Result) == isResult(was.Result) && a.types(f.Result, was.Result) &&
		slices.EqualFunc(f.Params, was.Params, func(q, r wit.Param) bool { return a.types(q.Type, r.Type) })
}

func methods(r *wit.Resource) []*wit.Func {
	return slices.DeleteFunc(slices.Clone(r.Funcs), func(f *wit.Func) bool { return f.Kind != wit.Method })
}
