package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// maxTuple is the greatest tuple that package abi has a type for.
const maxTuple = 8

// typ returns the typ of t going the way d. pos is where a fault of t is reported.
func (p *pkg) typ(t wit.Type, d dir, pos wit.Position) *typ {
	switch t := t.(type) {
	case wit.Primitive:
		return p.primitive(t, pos)
	case *wit.List:
		if t.Len > 0 {
			p.add(pos, ErrUnsupported, "lists of fixed length are not supported; write list or tuple")
		}
		return listOf(p.typ(t.Elem, d, pos))
	case *wit.Map:
		return listOf(p.tuple([]wit.Type{t.Key, t.Value}, d, pos))
	case *wit.Option:
		return optionOf(p.typ(t.Elem, d, pos))
	case *wit.Result:
		return resultOf(p.optional(t.OK, d, pos), p.optional(t.Err, d, pos))
	case *wit.Tuple:
		return p.tuple(t.Types, d, pos)
	case *wit.Stream:
		return p.stream(p.optional(t.Elem, d, pos), d)
	case *wit.Future:
		return p.future(p.optional(t.Elem, d, pos), d)
	case *wit.Own:
		return p.handle(kindOwn, t.Resource, t.Named, pos)
	case *wit.Borrow:
		return p.handle(kindBorrow, t.Resource, t.Named, pos)
	}
	return p.named(t.(*wit.TypeDef), d, pos)
}

// optional is typ where t may be nil.
func (p *pkg) optional(t wit.Type, d dir, pos wit.Position) *typ {
	if t == nil {
		return nil
	}
	return p.typ(t, d, pos)
}

func (p *pkg) primitive(t wit.Primitive, pos wit.Position) *typ {
	if t == wit.String {
		return &typ{kind: kindString, key: "string", name: "String", goty: "string",
			size: 8, align: 4, flat: 2, host: 2 * word, hostAlign: word, comparable: true}
	}
	x, ok := primitives[t]
	if !ok {
		p.add(pos, ErrUnsupported, "%s is not supported", t)
		x = primitives[wit.U32]
	}
	return &typ{kind: kindPrim, prim: t, key: t.String(), name: x.name, goty: x.goty,
		size: x.size, align: x.size, flat: 1, host: uint64(x.size), hostAlign: uint64(x.size), comparable: true}
}

func listOf(elem *typ) *typ {
	t := &typ{kind: kindList, key: "list<" + elem.key + ">", name: "ListOf" + elem.name, goty: "[]" + elem.goty, elem: elem,
		size: 8, align: 4, flat: 2, refs: elem.refs, host: 3 * word, hostAlign: word, channels: elem.channels}
	if elem.kind == kindPrim && elem.prim == wit.U8 {
		t.kind, t.name, t.goty = kindBytes, "Bytes", "[]byte"
	}
	return t
}

func optionOf(elem *typ) *typ {
	t := &typ{kind: kindOption, key: "option<" + elem.key + ">", name: "OptionOf" + elem.name,
		goty: "abi.Option[" + elem.goty + "]", elem: elem, cases: []variantCase{{}, {typ: elem}}}
	t.layCases()
	t.layGo(elem, &typ{host: 1, hostAlign: 1})
	return t
}

func resultOf(ok, fail *typ) *typ {
	t := &typ{kind: kindResult, key: "result<" + keyOf(ok) + "," + keyOf(fail) + ">", name: "ResultOf" + nameOf(ok) + "Or" + nameOf(fail),
		goty: "abi.Result[" + goOf(ok) + ", " + goOf(fail) + "]", cases: []variantCase{{typ: ok}, {typ: fail}}}
	t.layCases()
	var parts []*typ
	for _, part := range []*typ{ok, fail} {
		if part != nil {
			parts = append(parts, part)
		}
	}
	t.layGo(append(parts, &typ{host: 1, hostAlign: 1})...)
	return t
}

func keyOf(t *typ) string {
	if t == nil {
		return "_"
	}
	return t.key
}

func nameOf(t *typ) string {
	if t == nil {
		return "None"
	}
	return t.name
}

func goOf(t *typ) string {
	if t == nil {
		return "abi.None"
	}
	return t.goty
}

// tuple returns a tuple of types; that of one type is the type itself.
func (p *pkg) tuple(types []wit.Type, d dir, pos wit.Position) *typ {
	t := &typ{kind: kindRecord}
	var keys, names, goTypes []string
	for i, x := range types {
		e := p.typ(x, d, pos)
		t.fields = append(t.fields, field{goName: fmt.Sprintf("F%d", i), typ: e})
		keys, names, goTypes = append(keys, e.key), append(names, e.name), append(goTypes, e.goty)
	}
	n := len(types)
	if n == 1 {
		return t.fields[0].typ
	}
	if n > maxTuple {
		p.add(pos, ErrUnsupported, "tuples of more than %d are not supported; write a record", maxTuple)
	}
	t.key = "tuple<" + strings.Join(keys, ",") + ">"
	t.name = "TupleOf" + strings.Join(names, "And")
	if same(names) {
		t.name = fmt.Sprintf("Tuple%dOf%s", n, names[0])
	}
	t.goty = fmt.Sprintf("abi.Tuple%d[%s]", n, strings.Join(goTypes, ", "))
	t.layFields()
	return t
}

func same(names []string) bool {
	for _, n := range names {
		if n != names[0] {
			return false
		}
	}
	return true
}

func (p *pkg) stream(elem *typ, d dir) *typ {
	t := &typ{kind: kindStream, elem: elem, key: "stream<" + keyOf(elem) + ">", name: "StreamOf" + nameOf(elem)}
	switch bytes := elem != nil && elem.kind == kindPrim && elem.prim == wit.U8; {
	case bytes && d == in:
		t.goty = "*abi.ByteReader"
	case bytes:
		t.goty = "io.ReadCloser"
	case d == in:
		t.goty = "*abi.Reader[" + goOf(elem) + "]"
	default:
		t.goty = "abi.Elements[" + goOf(elem) + "]"
	}
	return t.channel()
}

func (p *pkg) future(elem *typ, d dir) *typ {
	t := &typ{kind: kindFuture, elem: elem, key: "future<" + keyOf(elem) + ">", name: "FutureOf" + nameOf(elem)}
	if d == in {
		t.goty = "*abi.Future[" + goOf(elem) + "]"
	} else {
		t.goty = "*abi.Promise[" + goOf(elem) + "]"
	}
	return t.channel()
}

// channel completes a stream or future. The identities of its element follow its own.
func (t *typ) channel() *typ {
	t.size, t.align, t.flat, t.refs = 4, 4, 1, 1
	t.host, t.hostAlign, t.comparable, t.channels = 2*word, word, true, true
	if t.elem != nil {
		t.refs += t.elem.refs
	}
	return t
}

// handle returns an own or borrow of a resource, which the text calls by the name of named.
func (p *pkg) handle(k kind, resource, named *wit.TypeDef, pos wit.Position) *typ {
	name := p.helperName(resource, pos)
	t := &typ{kind: k, def: resource, key: "own<" + resource.ID() + ">", name: name, goty: p.goType(named, pos),
		size: 4, align: 4, flat: 1, refs: 1, host: 2 * word, hostAlign: word, comparable: true}
	if k == kindBorrow {
		t.key, t.name = "borrow<"+resource.ID()+">", "Borrowed"+name
	}
	return t
}
