package wit

// file parses a whole file: an optional declaration of its package, then items and nested packages.
func (p *parser) file(f *sourceFile) {
	for first := true; !p.done(); first = false {
		if p.tok.is("package") {
			p.packageItem(f, first)
		} else {
			p.topItem(&f.top)
		}
		p.recover(0)
	}
	p.report() // if the very first token cannot be read
}

// packageItem parses a declaration, which only the first item of a file can be, or a nested package.
func (p *parser) packageItem(f *sourceFile, first bool) {
	docs := p.next().docs
	name := p.packageName()
	if p.at("{") {
		n := nestedPackage{name: name, docs: docs, body: fileScope{file: f}}
		p.items(func() {
			if p.at("package") {
				p.fail(p.tok.pos, ErrSyntax, "a nested package cannot hold another; move it to the top of the file")
			}
			p.topItem(&n.body)
		})
		f.nested = append(f.nested, n)
		return
	}
	if !p.at(";") {
		p.expected(`";" or "{"`)
	}
	if !first {
		p.fail(name.pos, ErrSyntax, "the declaration of a file's package must come first; write package %s { } for a further package", name.id())
	}
	p.expect(";")
	f.header, f.docs = name, docs
}

// packageName parses a name such as wasi:http@0.3.0.
func (p *parser) packageName() *packageName {
	n := &packageName{pos: p.tok.pos}
	n.namespace = p.packagePart()
	p.expect(":")
	p.nestedName(n)
	for p.accept("/") {
		p.nest(n, &n.name, "/", p.packagePart())
	}
	n.version = p.optionalVersion()
	return n
}

func (p *parser) packagePart() string { return p.checkedIdent("package name", packageNameFault).name }

// nestedName parses the name of a package and, while colons follow, makes namespaces of what came before.
func (p *parser) nestedName(n *packageName) {
	n.name = p.packagePart()
	for p.accept(":") {
		p.nest(n, &n.namespace, ":", n.name)
		n.name = p.packagePart()
	}
}

// nest appends a part to the namespace or name of n, within bounds that the grammar does not set.
func (p *parser) nest(n *packageName, to *string, separator, part string) {
	if len(n.namespace)+len(n.name) > maxName {
		p.fail(n.pos, ErrLimit, "package name is longer than %d bytes", maxName)
		return
	}
	*to += separator + part
}

// optionalVersion parses what may follow a name: @ and a semantic version.
func (p *parser) optionalVersion() string {
	if !p.accept("@") {
		return ""
	}
	return p.version()
}

func (p *parser) version() string {
	if p.err == nil && p.tok.kind != tokVersion && p.tok.kind != tokInteger {
		p.expected("version")
	}
	if _, ok := parseSemver(p.tok.text); !ok {
		p.fail(p.tok.pos, ErrSyntax, "version %s is not a semantic version such as 1.0.0", shorten(p.tok.text))
	}
	return p.next().text
}

// topItem parses an interface, world or use statement.
func (p *parser) topItem(scope *fileScope) {
	start := p.tok.start
	m := p.meta()
	p.noExternalID(&m)
	switch {
	case p.accept("interface"):
		scope.interfaces = append(scope.interfaces, p.interfaceItem(m))
	case p.accept("world"):
		scope.worlds = append(scope.worlds, p.worldItem(m))
	case p.accept("use"):
		if m.attribute.IsValid() {
			p.fail(m.attribute, ErrSyntax, "a use statement at the top of a file takes no attributes")
		}
		scope.uses = append(scope.uses, p.topUse())
	default:
		p.expected("interface, world, use or package")
	}
	scope.spans = append(scope.spans, [2]int{start, p.prev.end})
}

func (p *parser) topUse() *topUse {
	u := &topUse{path: p.usePath()}
	u.as = u.path.name
	if p.accept("as") {
		u.as = p.ident("name")
	}
	p.expect(";")
	return u
}

// usePath parses the name of an interface or world: one identifier, or a package's name, the identifier and perhaps
// a version.
func (p *parser) usePath() usePath {
	first := p.ident("interface name")
	if !p.accept(":") {
		return usePath{name: first}
	}
	n := &packageName{namespace: first.name, pos: first.pos}
	if fault := packageNameFault(first.name); fault != "" {
		p.fail(first.pos, ErrSyntax, "package name %s %s", first.name, fault)
	}
	p.nestedName(n)
	if !p.at("/") {
		p.expected(`"/" and the name of an interface`)
	}
	p.expect("/")
	name := p.ident("interface name")
	for p.accept("/") {
		if fault := packageNameFault(name.name); fault != "" {
			p.fail(name.pos, ErrSyntax, "package name %s %s", name.name, fault)
		}
		p.nest(n, &n.name, "/", name.name)
		name = p.ident("interface name")
	}
	n.version = p.optionalVersion()
	return usePath{pkg: n, name: name}
}

// meta parses the attributes in front of an item and collects its documentation.
func (p *parser) meta() meta {
	m := meta{docs: p.tok.docs}
	for p.at("@") {
		p.attribute(&m)
		if docs := p.tok.docs; docs != "" && m.docs != "" {
			m.docs += "\n" + docs
		} else {
			m.docs += docs
		}
	}
	if s := m.stability; s.Deprecated != "" && s.Since == "" && s.Unstable == "" {
		p.fail(m.attribute, ErrInvalid, "@deprecated must go with @since or @unstable")
	}
	return m
}
