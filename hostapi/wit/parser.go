package wit

// A parser turns the tokens of one file into its syntax tree. The first fault of an item sticks: from then on nothing
// matches and nothing moves, until the loop over the items reports it and skips to the next one.
type parser struct {
	lex    lexer
	tok    token // the next token
	prev   token // the one before
	braces int   // how many braces are open before tok
	limits *Limits
	budget *budget

	err   *Error // the fault of the current item
	fatal bool   // nothing after the fault can be read
	errs  ErrorList
}

// parseFile parses text. The tree is usable only if there are no errors.
func parseFile(name, text string, limits *Limits, budget *budget) (*sourceFile, ErrorList) {
	f := &sourceFile{name: name, src: text}
	f.top.file = f
	if err := checkText(name, text); err != nil {
		return f, ErrorList{err}
	}
	p := &parser{lex: newLexer(name, text), limits: limits, budget: budget}
	p.load()
	p.file(f)
	return f, p.errs
}

// fail records a fault of the current item, if it is the first.
func (p *parser) fail(pos Position, class error, format string, args ...any) {
	if p.err == nil {
		var list ErrorList
		list.add(pos, class, format, args...)
		p.err = list[0]
	}
}

// expected fails with what the grammar wants in place of the next token.
func (p *parser) expected(what string) {
	p.fail(p.tok.pos, ErrSyntax, "expected %s, found %s", what, p.tok.describe())
}

// load reads the next token. Where the text cannot be split into tokens, the file ends.
func (p *parser) load() {
	t, err := p.lex.next()
	if err != nil {
		p.fatal = true
		p.fail(err.Pos, err.Err, "%s", err.Msg)
		t = token{kind: tokEOF, pos: p.lex.pos()}
	}
	p.tok = t
}

// next consumes the next token and returns it.
func (p *parser) next() token {
	if p.err != nil {
		return token{kind: tokEOF, pos: p.tok.pos}
	}
	return p.skip()
}

// skip consumes the next token even after a fault.
func (p *parser) skip() token {
	t := p.tok
	switch {
	case t.is("{"):
		p.braces++
	case t.is("}"):
		p.braces--
	}
	p.prev = t
	p.load()
	return t
}

// peek returns the token after the next one; at a fault it is empty.
func (p *parser) peek() token {
	ahead := p.lex
	t, _ := ahead.next()
	return t
}

// at reports whether the next token is the keyword or punctuation s.
func (p *parser) at(s string) bool { return p.err == nil && p.tok.is(s) }

// accept consumes the next token if it is s.
func (p *parser) accept(s string) bool {
	if !p.at(s) {
		return false
	}
	p.next()
	return true
}

// expect consumes s or fails.
func (p *parser) expect(s string) {
	if !p.accept(s) {
		p.expected(quoted(s))
	}
}

// quoted renders keywords bare and punctuation in quotes, as token.describe does.
func quoted(s string) string {
	if isLetter(s[0]) {
		return s
	}
	return `"` + s + `"`
}

// count spends one item of the budget.
func (p *parser) count() {
	if !p.budget.take(1) {
		p.fail(p.tok.pos, ErrLimit, "more than %d items in all files together", p.limits.Items)
		p.fatal = true
	}
}

// ident consumes an identifier that is a label.
func (p *parser) ident(what string) ident { return p.checkedIdent(what, labelFault) }

func (p *parser) checkedIdent(what string, fault func(string) string) ident {
	p.count()
	switch {
	case p.err != nil:
		return ident{}
	case p.tok.kind == tokKeyword && p.tok.text != "_":
		p.fail(p.tok.pos, ErrSyntax, "expected %s, found %s; write %%%s to use it as a name", what, p.tok.describe(), p.tok.text)
	case p.tok.kind != tokIdent:
		p.expected(what)
	default:
		if f := fault(p.tok.text); f != "" {
			p.fail(p.tok.pos, ErrSyntax, "%s %s %s", what, shorten(p.tok.text), f)
		}
	}
	t := p.next()
	return ident{name: t.text, pos: t.pos}
}

// list parses items separated by commas up to the closing token, which may follow a comma, and consumes it.
func (p *parser) list(closing string, item func()) {
	for p.err == nil && !p.at(closing) {
		item()
		if !p.at(closing) && !p.accept(",") {
			p.expected(`"," or ` + quoted(closing))
		}
	}
	p.expect(closing)
}

// items parses what stands between braces and consumes both. A fault in an item costs that item only.
func (p *parser) items(item func()) {
	p.expect("{")
	if p.err != nil {
		return
	}
	depth := p.braces
	for !p.at("}") && p.braces >= depth && !p.done() {
		item()
		p.recover(depth)
	}
	if p.braces >= depth {
		p.expect("}")
	}
}

// done reports whether nothing is left to parse.
func (p *parser) done() bool { return p.fatal || p.tok.kind == tokEOF }

// recover reports the fault of an item, if there is one, and moves past the item: to the end of a statement or block
// at the given depth of braces, or to the end of what encloses it.
func (p *parser) recover(depth int) {
	if p.err == nil {
		return
	}
	p.report()
	if p.fatal {
		return // keep the fault, so that nothing matches any more
	}
	p.err = nil
	for p.tok.kind != tokEOF {
		if p.tok.is("}") && p.braces == depth && depth > 0 {
			return
		}
		t := p.skip()
		if p.braces < depth || t.is(";") && p.braces == depth {
			break
		}
		if t.is("}") && p.braces == depth {
			if p.tok.is(";") { // of a use statement, whose braces are no block
				p.skip()
			}
			break
		}
	}
	p.report() // of what was skipped, if it cannot be read
}

// report enters the current fault into the list. What a fault makes of the rest of the file, such as a brace that is
// missing at its end, is reported once.
func (p *parser) report() {
	n := len(p.errs)
	if p.err == nil || p.errs.full() || n > 0 && p.errs[n-1].Pos == p.err.Pos {
		return
	}
	p.errs = append(p.errs, p.err)
}
