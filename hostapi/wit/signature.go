package wit

import (
	"strconv"
	"strings"
)

// Signature renders the type of a function with all named types expanded, so that two functions can be compared
// across interfaces, packages and versions. Only resources keep their names. The package documentation has the
// grammar. The function must come from a [Set], where types are finite.
func Signature(f *Func) string {
	var b strings.Builder
	if f.Async {
		b.WriteString("async ")
	}
	b.WriteString("func(")
	for i, p := range f.Params {
		comma(&b, i)
		b.WriteString(p.Name + ":")
		writeType(&b, p.Type)
	}
	b.WriteString(")")
	if f.Result != nil {
		b.WriteString("->")
		writeType(&b, f.Result)
	}
	return b.String()
}

// TypeSignature renders a type as [Signature] does.
func TypeSignature(t Type) string {
	var b strings.Builder
	writeType(&b, t)
	return b.String()
}

func comma(b *strings.Builder, i int) {
	if i > 0 {
		b.WriteString(",")
	}
}

func writeType(b *strings.Builder, t Type) {
	switch t := t.(type) {
	case Primitive:
		b.WriteString(t.String())
	case *TypeDef:
		writeDef(b, t)
	case *List:
		b.WriteString("list<")
		writeType(b, t.Elem)
		if t.Len > 0 {
			b.WriteString("," + strconv.FormatUint(uint64(t.Len), 10))
		}
		b.WriteString(">")
	case *Option:
		writeArgs(b, "option", t.Elem)
	case *Tuple:
		writeArgs(b, "tuple", t.Types...)
	case *Map:
		writeArgs(b, "map", t.Key, t.Value)
	case *Result:
		writeResult(b, t)
	case *Stream:
		writeOptionalArg(b, "stream", t.Elem)
	case *Future:
		writeOptionalArg(b, "future", t.Elem)
	case *Own:
		b.WriteString("own<" + t.Resource.ID() + ">")
	case *Borrow:
		b.WriteString("borrow<" + t.Resource.ID() + ">")
	}
}

func writeArgs(b *strings.Builder, name string, args ...Type) {
	b.WriteString(name + "<")
	for i, a := range args {
		comma(b, i)
		writeType(b, a)
	}
	b.WriteString(">")
}

func writeOptionalArg(b *strings.Builder, name string, arg Type) {
	if arg == nil {
		b.WriteString(name)
		return
	}
	writeArgs(b, name, arg)
}

func writeResult(b *strings.Builder, t *Result) {
	switch {
	case t.OK != nil && t.Err != nil:
		writeArgs(b, "result", t.OK, t.Err)
	case t.Err != nil:
		b.WriteString("result<_,")
		writeType(b, t.Err)
		b.WriteString(">")
	default:
		writeOptionalArg(b, "result", t.OK)
	}
}

// writeDef renders what a named type stands for.
func writeDef(b *strings.Builder, d *TypeDef) {
	switch k := d.Kind.(type) {
	case *Alias:
		writeType(b, k.Type)
	case *Resource:
		b.WriteString("own<" + d.ID() + ">")
	case *Record:
		b.WriteString("record{")
		for i, f := range k.Fields {
			comma(b, i)
			b.WriteString(f.Name + ":")
			writeType(b, f.Type)
		}
		b.WriteString("}")
	case *Variant:
		b.WriteString("variant{")
		for i, c := range k.Cases {
			comma(b, i)
			b.WriteString(c.Name)
			if c.Type != nil {
				b.WriteString("(")
				writeType(b, c.Type)
				b.WriteString(")")
			}
		}
		b.WriteString("}")
	case *Enum:
		writeLabels(b, "enum{", k.Cases)
	case *Flags:
		writeLabels(b, "flags{", k.Flags)
	}
}

func writeLabels(b *strings.Builder, open string, labels []Label) {
	b.WriteString(open)
	for i, l := range labels {
		comma(b, i)
		b.WriteString(l.Name)
	}
	b.WriteString("}")
}
