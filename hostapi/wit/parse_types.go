package wit

import "strconv"

func isTypeKeyword(t token) bool {
	if t.kind != tokKeyword {
		return false
	}
	switch t.text {
	case "type", "record", "variant", "enum", "flags", "resource":
		return true
	}
	return false
}

// typeItem parses the definition of a type.
func (p *parser) typeItem(m meta) *typeDecl {
	p.count()
	d := &typeDecl{meta: m, kind: p.next().text, name: p.ident("type name")}
	switch d.kind {
	case "type":
		p.expect("=")
		d.alias = p.typeExpr(1)
		p.expect(";")
	case "resource":
		if !p.accept(";") {
			p.items(func() { d.funcs = append(d.funcs, p.resourceItem()) })
		}
	default:
		p.fields(d)
	}
	return d
}

// fields parses the fields, cases or labels of a definition.
func (p *parser) fields(d *typeDecl) {
	p.expect("{")
	if p.at("}") {
		p.fail(p.tok.pos, ErrInvalid, "%s %s is empty; it needs at least one member", d.kind, d.name.name)
	}
	p.list("}", func() {
		f := fieldDecl{docs: p.tok.docs}
		f.name = p.ident("name")
		switch d.kind {
		case "record":
			p.expect(":")
			f.typ = p.typeExpr(1)
		case "variant":
			if p.accept("(") {
				f.typ = p.typeExpr(1)
				p.expect(")")
			}
		}
		d.fields = append(d.fields, f)
	})
}

// resourceItem parses a function of a resource.
func (p *parser) resourceItem() *funcDecl {
	m := p.meta()
	if !p.at("constructor") {
		return p.funcItem(m, Method)
	}
	p.count()
	f := &funcDecl{meta: m, kind: Constructor, name: ident{pos: p.tok.pos}}
	p.next()
	p.signature(f)
	p.expect(";")
	return f
}

// funcItem parses "name: func-type;", where a method may be static.
func (p *parser) funcItem(m meta, kind FuncKind) *funcDecl {
	p.count()
	f := &funcDecl{meta: m, kind: kind, name: p.ident("function name")}
	p.expect(":")
	if kind == Method && p.accept("static") {
		f.kind = StaticFunc
	}
	p.funcType(f)
	p.expect(";")
	return f
}

// funcType parses "async func(params) -> result".
func (p *parser) funcType(f *funcDecl) {
	f.async = p.accept("async")
	if !p.at("func") {
		p.expected("func")
	}
	p.expect("func")
	p.signature(f)
}

// signature parses parameters and result.
func (p *parser) signature(f *funcDecl) {
	p.expect("(")
	p.list(")", func() {
		param := fieldDecl{name: p.ident("parameter name")}
		p.expect(":")
		param.typ = p.typeExpr(1)
		f.params = append(f.params, param)
	})
	if !p.accept(string(tokArrow)) {
		return
	}
	if p.at("(") {
		p.fail(p.tok.pos, ErrSyntax, "a function has one result; use a tuple or a record for several")
	}
	f.result = p.typeExpr(1)
}

// typeExpr parses a type that is nested in depth-1 others.
func (p *parser) typeExpr(depth int) *typeExpr {
	p.count()
	if depth > p.limits.TypeDepth {
		p.fail(p.tok.pos, ErrLimit, "type nests deeper than %d levels", p.limits.TypeDepth)
	}
	e := &typeExpr{pos: p.tok.pos, name: p.tok.text}
	if p.err == nil && p.tok.kind == tokIdent {
		e.escaped = p.tok.escaped
		p.ident("type name")
		return e
	}
	if p.err == nil && p.tok.kind != tokKeyword {
		p.expected("type")
	}
	e.builtin = true
	p.builtinType(e, depth)
	return e
}

// builtinType parses a type whose name is a keyword, with its arguments.
func (p *parser) builtinType(e *typeExpr, depth int) {
	if p.err != nil {
		return
	}
	_, primitive := primitiveByName(e.name)
	t := p.tok
	p.next()
	switch e.name {
	case "list":
		p.listArgs(e, depth)
	case "option":
		p.arg(e, depth)
	case "map":
		p.mapArgs(e, depth)
	case "own", "borrow":
		p.expect("<")
		id := p.ident("resource name")
		e.args = []*typeExpr{{pos: id.pos, name: id.name}}
		p.expect(">")
	case "stream", "future":
		if p.at("<") {
			p.arg(e, depth)
		}
	case "tuple":
		p.tupleArgs(e, depth)
	case "result":
		p.resultArgs(e, depth)
	default:
		if !primitive {
			p.fail(t.pos, ErrSyntax, "expected type, found %s", t.describe())
		}
	}
}

// arg parses one type in angle brackets.
func (p *parser) arg(e *typeExpr, depth int) {
	p.expect("<")
	e.args = []*typeExpr{p.typeExpr(depth + 1)}
	p.expect(">")
}

func (p *parser) tupleArgs(e *typeExpr, depth int) {
	p.expect("<")
	if p.at(">") {
		p.fail(p.tok.pos, ErrInvalid, "tuple is empty; it needs at least one type")
	}
	p.list(">", func() { e.args = append(e.args, p.typeExpr(depth+1)) })
}

func (p *parser) listArgs(e *typeExpr, depth int) {
	p.expect("<")
	e.args = []*typeExpr{p.typeExpr(depth + 1)}
	if p.accept(",") {
		n, err := strconv.ParseUint(p.tok.text, 10, 32)
		if p.err == nil && (p.tok.kind != tokInteger || err != nil || n == 0 || p.tok.text[0] == '0') {
			p.fail(p.tok.pos, ErrSyntax, "expected the length of the list, from 1 to 4294967295, found %s", p.tok.describe())
		}
		p.next()
		e.len = uint32(n)
	}
	p.expect(">")
}

// resultArgs parses nothing, <ok>, <ok, err> or <_, err>.
func (p *parser) resultArgs(e *typeExpr, depth int) {
	if !p.accept("<") {
		return
	}
	if p.accept("_") {
		p.expect(",")
		e.args = []*typeExpr{nil, p.typeExpr(depth + 1)}
	} else {
		e.args = []*typeExpr{p.typeExpr(depth + 1)}
		if p.accept(",") {
			e.args = append(e.args, p.typeExpr(depth+1))
		}
	}
	p.expect(">")
}

// mapArgs parses the types of keys, which are primitive, and of values.
func (p *parser) mapArgs(e *typeExpr, depth int) {
	p.expect("<")
	k, ok := primitiveByName(p.tok.text)
	if p.err == nil && (!ok || p.tok.kind != tokKeyword || k == F32 || k == F64) {
		p.expected("the type of a map's keys, an integer type, bool, char or string")
	}
	key := p.typeExpr(depth + 1)
	p.expect(",")
	value := p.typeExpr(depth + 1)
	p.expect(">")
	e.args = []*typeExpr{key, value}
}

// primitiveByName finds a primitive by its name in WIT.
func primitiveByName(name string) (Primitive, bool) {
	for k := Bool; k <= ErrorContext; k++ {
		if primitiveNames[k] == name {
			return k, true
		}
	}
	return 0, false
}
