package variables

import "strings"

// value reads a value: parts with and without quotes, one behind the other.
func (p *dotenvParser) value() (string, error) {
	var b strings.Builder
	for !p.atEnd() {
		var err error
		switch c := p.peek(); c {
		case ' ', '\t':
			if p.blanks(); !p.atEnd() && p.peek() != '#' {
				return "", p.fault(`a value with spaces stands in quotes: write NAME="first second"`)
			}
			return b.String(), nil
		case '\'':
			err = p.single(&b)
		case '"':
			err = p.double(&b)
		default:
			err = p.char(&b)
		}
		if err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// single reads a part in single quotes.
func (p *dotenvParser) single(b *strings.Builder) error {
	end := strings.IndexByte(p.text[p.pos+1:], '\'')
	if end < 0 {
		return p.fault("the quote ' has no end: write another behind the value")
	}
	part := p.text[p.pos+1 : p.pos+1+end]
	b.WriteString(part)
	p.pos += end + 2
	p.line += strings.Count(part, "\n")
	return nil
}

// double reads a part in double quotes.
func (p *dotenvParser) double(b *strings.Builder) error {
	line := p.line
	for p.pos++; p.pos < len(p.text); {
		if p.peek() == '"' {
			p.pos++
			return nil
		}
		if err := p.char(b); err != nil {
			return err
		}
	}
	p.line = line
	return p.fault(`the quote " has no end: write another behind the value`)
}

// char reads a character, an escape, or a name whose value is meant.
func (p *dotenvParser) char(b *strings.Builder) error {
	switch c := p.next(); c {
	case '\\':
		return p.escape(b)
	case '$':
		if err := p.substitute(b); err != nil {
			return err
		}
	default:
		b.WriteByte(c)
	}
	return nil
}

func (p *dotenvParser) escape(b *strings.Builder) error {
	switch c := p.peek(); c {
	case '\\', '\'', '"', '$', ' ':
		b.WriteByte(c)
	case 'n':
		b.WriteByte('\n')
	default:
		return p.fault(`an unknown escape: write \\ for a backslash, or the value in single quotes`)
	}
	p.pos++
	return nil
}

// substitute reads a name behind a $. A $ without a name is what it is.
func (p *dotenvParser) substitute(b *strings.Builder) error {
	start := p.pos
	name := ""
	if p.peek() == '{' {
		end := strings.IndexAny(p.text[start:], "}\n")
		if end < 0 || p.text[start+end] == '\n' {
			return p.fault(`"${" has no "}": write ${NAME}, or \$ for a dollar`)
		}
		name = p.text[start+1 : start+end]
		p.pos += end + 1
	} else {
		for c := p.peek(); isName(c) || isDigit(c); c = p.peek() {
			p.pos++
		}
		if name = p.text[start:p.pos]; name == "" {
			b.WriteByte('$')
			return nil
		}
	}
	value, ok := "", false
	if p.lookup != nil {
		value, ok = p.lookup(name)
	}
	if !ok {
		value = p.values[name]
	}
	// Values of values can double with each line.
	if b.Len()+len(value) > MaxDotenv {
		return p.tooLarge()
	}
	b.WriteString(value)
	return nil
}
