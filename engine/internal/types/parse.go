package types

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseError says where and why a type's text cannot be read.
type ParseError struct {
	Text   string
	Offset int // in bytes
	Msg    string
	Err    error // cause, may be nil
}

func (e *ParseError) Error() string {
	near := e.Text[min(e.Offset, len(e.Text)):]
	if near == "" {
		near = "the end"
	} else {
		near = strconv.Quote(near[:min(len(near), 40)])
	}
	return fmt.Sprintf("type text: %s at %s (byte %d)", e.Msg, near, e.Offset)
}

// Unwrap returns the cause: an [*Error], or what the resolver returned.
func (e *ParseError) Unwrap() error { return e.Err }

// Resolver gives the resource that a text names, such as
// wasi:http/types@0.3.0#request.
type Resolver func(name string) (*Resource, error)

// ParseVal reads the text form of a value type, which has no white space:
//
//	type := bool | s8 | … | string | error-context
//	      | list<type> | list<type,n> | option<type> | map<type,type>
//	      | tuple<type{,type}> | record{label:type{,label:type}}
//	      | variant{label[(type)]{,label[(type)]}} | enum{label{,label}} | flags{label{,label}}
//	      | result | result<type> | result<_,type> | result<type,type>
//	      | own<resource> | borrow<resource>
//	      | stream | stream<type> | future | future<type>
//
// The error is a [*ParseError].
func (a *Arena) ParseVal(text string, resolve Resolver) (*Val, error) {
	p := &textParser{a: a, text: text, resolve: resolve}
	v := p.val()
	if err := p.finish(); err != nil {
		return nil, err
	}
	return v, nil
}

// ParseFunc reads the text form of a function type:
//
//	func := [async ]func([label:type{,label:type}])[->type]
func (a *Arena) ParseFunc(text string, resolve Resolver) (*Func, error) {
	p := &textParser{a: a, text: text, resolve: resolve}
	async := p.accept("async ")
	p.expect("func(")
	var params []Param
	for !p.accept(")") && p.err == nil {
		if params != nil {
			p.expect(",")
		}
		name := p.label()
		p.expect(":")
		params = append(params, Param{Name: name, Type: p.val()})
	}
	var result *Val
	if p.accept("->") {
		result = p.val()
	}
	if err := p.finish(); err != nil {
		return nil, err
	}
	f, err := a.Func(params, result, async)
	if err != nil {
		return nil, &ParseError{Text: text, Msg: err.Error(), Err: err}
	}
	return f, nil
}

// textParser reads one text. After the first error it reads on without effect.
type textParser struct {
	a       *Arena
	text    string
	pos     int
	depth   int
	resolve Resolver
	err     error
}

func (p *textParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = &ParseError{Text: p.text, Offset: p.pos, Msg: fmt.Sprintf(format, args...)}
		p.pos = len(p.text)
	}
}

func (p *textParser) finish() error {
	if p.err == nil && p.pos < len(p.text) {
		p.fail("unexpected text")
	}
	return p.err
}

func (p *textParser) accept(s string) bool {
	if !strings.HasPrefix(p.text[p.pos:], s) {
		return false
	}
	p.pos += len(s)
	return true
}

func (p *textParser) expect(s string) {
	if !p.accept(s) {
		p.fail("expected %q", s)
	}
}

// label reads a word of letters, digits and dashes.
func (p *textParser) label() string {
	n := strings.IndexFunc(p.text[p.pos:], func(r rune) bool {
		return r != '-' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if n < 0 {
		n = len(p.text) - p.pos
	}
	if n == 0 {
		p.fail("expected a name")
	}
	s := p.text[p.pos : p.pos+n]
	p.pos += n
	return s
}

// val reads a type. It returns a primitive in place of a type that is broken,
// so that callers need not check for nil.
func (p *textParser) val() *Val {
	if p.depth++; p.depth > MaxDepth {
		p.fail("type is nested more than %d levels deep", MaxDepth)
	}
	defer func() { p.depth-- }()
	start := p.pos
	v, err := p.form(p.label())
	if p.err == nil && err != nil {
		p.err = &ParseError{Text: p.text, Offset: start, Msg: err.Error(), Err: err}
		p.pos = len(p.text)
	}
	if p.err != nil {
		return p.a.Primitive(Bool)
	}
	return v
}

var primitiveByName = func() map[string]Kind {
	m := map[string]Kind{}
	for k := Bool; k < numPrims; k++ {
		m[k.String()] = k
	}
	return m
}()

func (p *textParser) form(word string) (*Val, error) {
	if k, ok := primitiveByName[word]; ok {
		return p.a.Primitive(k), nil
	}
	switch word {
	case "list":
		return p.list()
	case "option":
		p.expect("<")
		v := p.val()
		p.expect(">")
		return p.a.Option(v)
	case "map":
		if kv := p.types(); len(kv) == 2 {
			return p.a.Map(kv[0], kv[1])
		}
		return nil, errorf("a map has a key and a value type")
	case "tuple":
		return p.a.Tuple(p.types()...)
	case "record":
		return p.record()
	case "variant":
		return p.variant()
	case "enum":
		return p.a.Enum(p.labels())
	case "flags":
		return p.a.Flags(p.labels())
	case "result":
		return p.result()
	case "own", "borrow":
		return p.handle(word)
	case "stream":
		return p.a.Stream(p.element())
	case "future":
		return p.a.Future(p.element())
	}
	return nil, errorf("there is no type %q", word)
}
