package wit

import (
	"strconv"
	"strings"
)

// typeDef renders a definition.
func (p *printer) typeDef(d *TypeDef) {
	_, alias := d.Kind.(*Alias)
	res, resource := d.Kind.(*Resource)
	bare := resource && len(res.Funcs) == 0
	p.item("type", !alias && !bare, d.Docs, d.Stability, d.ExternalID)
	switch k := d.Kind.(type) {
	case *Alias:
		p.printf("type %s = %s;\n", escaped(d.Name), p.aliased(k.Type))
	case *Resource:
		p.resource(d, k)
	case *Record:
		p.members("record", d.Name, len(k.Fields), func(i int) (string, string) {
			f := k.Fields[i]
			return f.Docs, escaped(f.Name) + ": " + p.typ(f.Type)
		})
	case *Variant:
		p.members("variant", d.Name, len(k.Cases), func(i int) (string, string) {
			c := k.Cases[i]
			if c.Type == nil {
				return c.Docs, escaped(c.Name)
			}
			return c.Docs, escaped(c.Name) + "(" + p.typ(c.Type) + ")"
		})
	case *Enum:
		p.members("enum", d.Name, len(k.Cases), labelAt(k.Cases))
	case *Flags:
		p.members("flags", d.Name, len(k.Flags), labelAt(k.Flags))
	}
}

func labelAt(labels []Label) func(int) (string, string) {
	return func(i int) (string, string) { return labels[i].Docs, escaped(labels[i].Name) }
}

// members renders a definition in braces, each member with its documentation on lines of its own.
func (p *printer) members(keyword, name string, n int, member func(int) (docs, text string)) {
	p.printf("%s %s", keyword, escaped(name))
	p.braces(n == 0, func() {
		for i := range n {
			docs, text := member(i)
			p.item("member", false, docs, Stability{}, "")
			p.out.WriteString(text + ",\n")
		}
	})
}

func (p *printer) resource(d *TypeDef, k *Resource) {
	p.printf("resource %s", escaped(d.Name))
	if len(k.Funcs) == 0 {
		p.out.WriteString(";\n")
		return
	}
	p.braces(false, func() {
		for _, f := range k.Funcs {
			p.function(f)
		}
	})
}

// function renders a function of an interface or resource, without what its kind implies.
func (p *printer) function(f *Func) {
	p.item("func", false, f.Docs, f.Stability, f.ExternalID)
	switch f.Kind {
	case Constructor:
		p.out.WriteString("constructor" + p.signature(f))
	case StaticFunc:
		p.out.WriteString(escaped(f.Name) + ": static " + p.funcType(f))
	default:
		p.out.WriteString(escaped(f.Name) + ": " + p.funcType(f))
	}
	p.out.WriteString(";\n")
}

func (p *printer) funcType(f *Func) string {
	if f.Async {
		return "async func" + p.signature(f)
	}
	return "func" + p.signature(f)
}

func (p *printer) signature(f *Func) string {
	params := f.Params
	if f.Kind == Method && len(params) > 0 {
		params = params[1:]
	}
	texts := make([]string, len(params))
	for i, param := range params {
		texts[i] = escaped(param.Name) + ": " + p.typ(param.Type)
	}
	text := "(" + strings.Join(texts, ", ") + ")"
	_, plain := f.Result.(*Own)
	if f.Result == nil || f.Kind == Constructor && plain {
		return text
	}
	return text + " -> " + p.typ(f.Result)
}

// aliased renders the right side of a type statement, where the bare name of a resource means the resource itself
// and a handle that owns it has to be written out.
func (p *printer) aliased(t Type) string {
	if own, ok := t.(*Own); ok {
		return "own<" + p.name(own.Named) + ">"
	}
	return p.typ(t)
}

// name is what the current scope calls a definition.
func (p *printer) name(d *TypeDef) string {
	if name, ok := p.names[d]; ok {
		return escaped(name)
	}
	return escaped(d.Name)
}

func (p *printer) typ(t Type) string {
	switch t := t.(type) {
	case Primitive:
		return t.String()
	case *TypeDef:
		return p.name(t)
	case *Own:
		return p.name(t.Named)
	case *Borrow:
		return "borrow<" + p.name(t.Named) + ">"
	case *List:
		if t.Len > 0 {
			return "list<" + p.typ(t.Elem) + ", " + strconv.FormatUint(uint64(t.Len), 10) + ">"
		}
		return "list<" + p.typ(t.Elem) + ">"
	case *Option:
		return "option<" + p.typ(t.Elem) + ">"
	case *Tuple:
		texts := make([]string, len(t.Types))
		for i, elem := range t.Types {
			texts[i] = p.typ(elem)
		}
		return "tuple<" + strings.Join(texts, ", ") + ">"
	case *Map:
		return "map<" + p.typ(t.Key) + ", " + p.typ(t.Value) + ">"
	case *Result:
		return p.result(t)
	case *Stream:
		return "stream" + p.optionalArg(t.Elem)
	case *Future:
		return "future" + p.optionalArg(t.Elem)
	}
	return "_"
}

func (p *printer) optionalArg(t Type) string {
	if t == nil {
		return ""
	}
	return "<" + p.typ(t) + ">"
}

func (p *printer) result(t *Result) string {
	if t.Err == nil {
		return "result" + p.optionalArg(t.OK)
	}
	return "result<" + p.typ(t.OK) + ", " + p.typ(t.Err) + ">"
}
