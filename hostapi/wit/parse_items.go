package wit

// attribute parses one feature gate or @external-id.
func (p *parser) attribute(m *meta) {
	at := p.next().pos
	if !m.attribute.IsValid() {
		m.attribute = at
	}
	name := p.next()
	if name.kind != tokIdent {
		p.fail(name.pos, ErrSyntax, "expected the name of an attribute, found %s", name.describe())
	}
	twice := false
	s := &m.stability
	switch name.text {
	case "since":
		twice = s.Since != ""
		since := p.gate("version")
		s.Since, m.since = since.name, since.pos
	case "deprecated":
		twice = s.Deprecated != ""
		s.Deprecated = p.gate("version").name
	case "unstable":
		twice = s.Unstable != ""
		s.Unstable = p.gate("feature").name
	case "external-id":
		twice = m.hasExternal
		m.hasExternal = true
		p.expect("(")
		if p.err == nil && p.tok.kind != tokString {
			p.expected("string")
		}
		m.externalID = p.next().text
		p.expect(")")
	default:
		p.fail(name.pos, ErrSyntax, "unknown attribute @%s; WIT has @since, @unstable, @deprecated and @external-id", shorten(name.text))
	}
	if twice {
		p.fail(at, ErrInvalid, "attribute @%s is given twice", name.text)
	}
	if s.Since != "" && s.Unstable != "" {
		p.fail(at, ErrInvalid, "an item has either @since or @unstable, not both")
	}
}

// gate parses the field of a feature gate, such as (version = 1.0.0).
func (p *parser) gate(field string) (value ident) {
	p.expect("(")
	if p.err == nil && (p.tok.kind != tokIdent || p.tok.text != field) {
		p.expected(field)
	}
	p.next()
	p.expect("=")
	if field == "version" {
		value.pos = p.tok.pos
		value.name = p.version()
	} else {
		value = p.ident("feature name")
	}
	p.expect(")")
	return value
}

// noExternalID fails if the attribute stands in front of an item that cannot have it.
func (p *parser) noExternalID(m *meta) {
	if m.hasExternal {
		p.fail(m.attribute, ErrSyntax, "this item takes no @external-id")
	}
}

// interfaceItem parses an interface after its keyword.
func (p *parser) interfaceItem(m meta) *interfaceDecl {
	p.count()
	d := &interfaceDecl{meta: m, name: p.ident("interface name")}
	p.interfaceBody(d)
	return d
}

func (p *parser) interfaceBody(d *interfaceDecl) {
	p.items(func() {
		m := p.meta()
		switch {
		case p.at("use"):
			d.uses = append(d.uses, p.useItem(m))
		case p.err == nil && isTypeKeyword(p.tok):
			d.types = append(d.types, p.typeItem(m))
		case p.err == nil && p.tok.kind == tokIdent:
			d.funcs = append(d.funcs, p.funcItem(m, FreeFunc))
		case p.err == nil && p.peek().is(":"):
			d.funcs = append(d.funcs, p.funcItem(m, FreeFunc)) // a keyword as a name, which ident explains
		default:
			p.expected("use, a type definition, a function or \"}\"")
		}
	})
}

// useItem parses "use path.{names};".
func (p *parser) useItem(m meta) *useDecl {
	p.noExternalID(&m)
	p.expect("use")
	u := &useDecl{meta: m, path: p.usePath()}
	p.expect(".")
	p.expect("{")
	if p.at("}") {
		p.expected("the name of a type")
	}
	p.list("}", func() { u.names = append(u.names, p.useName()) })
	p.expect(";")
	return u
}

// useName parses "member" or "member as name".
func (p *parser) useName() useName {
	n := useName{member: p.ident("name")}
	n.as = n.member
	if p.accept("as") {
		n.as = p.ident("name")
	}
	return n
}

// worldItem parses a world after its keyword.
func (p *parser) worldItem(m meta) *worldDecl {
	p.count()
	d := &worldDecl{meta: m, name: p.ident("world name")}
	p.items(func() {
		m := p.meta()
		switch {
		case p.at("import"), p.at("export"):
			d.externs = append(d.externs, p.externItem(m))
		case p.at("use"):
			d.uses = append(d.uses, p.useItem(m))
		case p.at("include"):
			d.includes = append(d.includes, p.includeItem(m))
		case p.err == nil && isTypeKeyword(p.tok):
			d.types = append(d.types, p.typeItem(m))
		default:
			p.expected("import, export, include, use, a type definition or \"}\"")
		}
	})
	return d
}

// externItem parses an import or export statement. A name directly followed by a colon and another name belongs to a
// package; with white space after the colon it is the plain name of what follows.
func (p *parser) externItem(m meta) *externDecl {
	p.count()
	d := &externDecl{meta: m, pos: p.tok.pos}
	d.export = p.next().is("export")
	colon := p.peek()
	if !colon.is(":") || p.startsPackage(colon) {
		path := p.usePath()
		p.expect(";")
		d.path = &path
		return d
	}
	d.name = p.ident("name")
	p.expect(":")
	switch {
	case p.at("func"), p.at("async"):
		d.fn = &funcDecl{meta: m, name: d.name}
		p.funcType(d.fn)
		p.expect(";")
	case p.accept("interface"):
		d.iface = &interfaceDecl{meta: m, name: d.name}
		p.interfaceBody(d.iface)
	case p.err == nil && p.tok.kind == tokIdent:
		path := p.usePath()
		d.path = &path
		p.expect(";")
	default:
		p.expected("func, interface or the name of an interface")
	}
	return d
}

// startsPackage reports whether the next token, the colon after it and an identifier stand without space between.
func (p *parser) startsPackage(colon token) bool {
	ahead := p.lex
	if _, err := ahead.next(); err != nil {
		return false
	}
	name, err := ahead.next()
	return err == nil && name.kind == tokIdent && p.tok.end == colon.start && colon.end == name.start
}

// includeItem parses "include path;" or "include path with { names }".
func (p *parser) includeItem(m meta) *includeDecl {
	p.count()
	p.noExternalID(&m)
	p.expect("include")
	d := &includeDecl{meta: m, path: p.usePath()}
	if !p.accept("with") {
		p.expect(";")
		return d
	}
	p.expect("{")
	p.list("}", func() {
		n := useName{member: p.ident("name")}
		p.expect("as")
		n.as = p.ident("name")
		d.with = append(d.with, n)
	})
	p.accept(";") // the grammar has none here, but its examples do
	return d
}
