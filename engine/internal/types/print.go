package types

import (
	"strconv"
	"strings"
)

// Text beyond these lengths is cut: a type can be far longer than the bytes
// that describe it.
const (
	maxText  = 64 << 10
	maxShort = 200
)

// String is the text form of v, cut at 64 KiB.
func (v *Val) String() string { return (&printer{limit: maxText}).val(v).finish() }

// String is the text form of f, cut at 64 KiB.
func (f *Func) String() string { return (&printer{limit: maxText}).function(f).finish() }

// short is the text form of v for messages.
func short(v *Val) string { return (&printer{limit: maxShort}).val(v).finish() }

// Short is the text form of v for messages: it is cut after some 200 bytes.
func (v *Val) Short() string { return short(v) }

// Short is the text form of f for messages: it is cut after some 200 bytes.
func (f *Func) Short() string { return (&printer{limit: maxShort}).function(f).finish() }

// describe names a type for messages.
func describe(d Def) string {
	switch d := d.(type) {
	case *Val:
		return short(d)
	case *Func:
		return "function type " + d.Short()
	case *Instance:
		return "an instance type"
	case *Component:
		return "a component type"
	case *Resource:
		if d.Name == "" {
			return "a resource"
		}
		return "resource " + d.Name
	}
	return "no type"
}

// String describes t for messages.
func (t ExternType) String() string {
	switch t.Kind {
	case FuncExtern:
		return t.Func.Short()
	case TypeExtern:
		if t.Bound.Sub != nil {
			return "type (sub resource)"
		}
		return "type (eq " + describe(t.Bound.Eq) + ")"
	}
	return t.Kind.String()
}

type printer struct {
	b     []byte
	limit int
}

func (p *printer) full() bool { return len(p.b) > p.limit }

func (p *printer) finish() string {
	if p.full() {
		return strings.ToValidUTF8(string(p.b[:p.limit]), "") + "…"
	}
	return string(p.b)
}

func (p *printer) add(s string) *printer {
	if !p.full() {
		p.b = append(p.b, s[:min(len(s), p.limit+1)]...)
	}
	return p
}

// list prints n elements between brackets; it stops where the text is cut.
func (p *printer) list(open, end string, n int, elem func(i int)) *printer {
	p.add(open)
	for i := 0; i < n && !p.full(); i++ {
		if i > 0 {
			p.add(",")
		}
		elem(i)
	}
	return p.add(end)
}

func (p *printer) function(f *Func) *printer {
	if f.Async {
		p.add("async ")
	}
	p.list("func(", ")", len(f.Params), func(i int) {
		p.add(f.Params[i].Name).add(":").val(f.Params[i].Type)
	})
	if f.Result != nil {
		p.add("->").val(f.Result)
	}
	return p
}

func (p *printer) val(v *Val) *printer {
	if v == nil {
		return p.add("_")
	}
	p.add(v.Kind.String())
	switch v.Kind {
	case List:
		p.add("<").val(v.Elem).add(">")
	case FixedList:
		p.add("<").val(v.Elem).add(",").add(strconv.FormatUint(uint64(v.Len), 10)).add(">")
	case Option:
		p.add("<").val(v.Cases[1].Type).add(">")
	case Result:
		p.result(v.Cases[0].Type, v.Cases[1].Type)
	case Map:
		p.tuple(v.Elem)
	case Tuple:
		p.tuple(v)
	case Stream, Future:
		if v.Elem != nil {
			p.add("<").val(v.Elem).add(">")
		}
	case Record:
		p.list("{", "}", len(v.Fields), func(i int) { p.add(v.Fields[i].Label).add(":").val(v.Fields[i].Type) })
	case Variant, Enum:
		p.cases(v)
	case Flags:
		p.list("{", "}", len(v.Labels), func(i int) { p.add(v.Labels[i]) })
	case Own, Borrow:
		p.add("<").add(v.Resource.String()).add(">")
	}
	return p
}

func (p *printer) tuple(v *Val) {
	p.list("<", ">", len(v.Fields), func(i int) { p.val(v.Fields[i].Type) })
}

func (p *printer) result(ok, err *Val) {
	switch {
	case ok == nil && err == nil:
	case err == nil:
		p.add("<").val(ok).add(">")
	default:
		p.add("<").val(ok).add(",").val(err).add(">")
	}
}

func (p *printer) cases(v *Val) {
	p.list("{", "}", len(v.Cases), func(i int) {
		p.add(v.Cases[i].Label)
		if t := v.Cases[i].Type; t != nil {
			p.add("(").val(t).add(")")
		}
	})
}
