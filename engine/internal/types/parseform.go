package types

import (
	"strconv"
	"strings"
)

// types reads types between angle brackets.
func (p *textParser) types() []*Val {
	p.expect("<")
	ts := []*Val{p.val()}
	for p.accept(",") {
		ts = append(ts, p.val())
	}
	p.expect(">")
	return ts
}

// element reads an optional type between angle brackets.
func (p *textParser) element() *Val {
	if !p.accept("<") {
		return nil
	}
	v := p.val()
	p.expect(">")
	return v
}

// labels reads names between braces.
func (p *textParser) labels() []string {
	p.expect("{")
	ls := []string{p.label()}
	for p.accept(",") {
		ls = append(ls, p.label())
	}
	p.expect("}")
	return ls
}

func (p *textParser) list() (*Val, error) {
	p.expect("<")
	elem := p.val()
	if !p.accept(",") {
		p.expect(">")
		return p.a.List(elem)
	}
	n, err := strconv.ParseUint(p.label(), 10, 32)
	if err != nil {
		return nil, errorf("the length of a list must be a number below 2^32")
	}
	p.expect(">")
	return p.a.FixedList(elem, uint32(n))
}

func (p *textParser) record() (*Val, error) {
	var fields []Field
	p.expect("{")
	for more := true; more && p.err == nil; more = p.accept(",") {
		label := p.label()
		p.expect(":")
		fields = append(fields, Field{Label: label, Type: p.val()})
	}
	p.expect("}")
	return p.a.Record(fields)
}

func (p *textParser) variant() (*Val, error) {
	var cases []Case
	p.expect("{")
	for more := true; more && p.err == nil; more = p.accept(",") {
		c := Case{Label: p.label()}
		if p.accept("(") {
			c.Type = p.val()
			p.expect(")")
		}
		cases = append(cases, c)
	}
	p.expect("}")
	return p.a.Variant(cases)
}

func (p *textParser) result() (*Val, error) {
	if !p.accept("<") {
		return p.a.Result(nil, nil)
	}
	var ok, err *Val
	if !p.accept("_") {
		ok = p.val()
	}
	if ok == nil || strings.HasPrefix(p.text[p.pos:], ",") {
		p.expect(",")
		err = p.val()
	}
	p.expect(">")
	return p.a.Result(ok, err)
}

func (p *textParser) handle(word string) (*Val, error) {
	p.expect("<")
	n := strings.IndexByte(p.text[p.pos:], '>')
	if n <= 0 {
		return nil, errorf("expected the name of a resource and >")
	}
	name := p.text[p.pos : p.pos+n]
	p.pos += n + 1
	if p.resolve == nil {
		return nil, errorf("resource %q is not known", name)
	}
	r, err := p.resolve(name)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, errorf("resource %q is not known", name)
	}
	if word == "own" {
		return p.a.Own(r), nil
	}
	return p.a.Borrow(r), nil
}
