package variables

import (
	"fmt"
	"strings"
)

// dotenvParser reads a .env file, from pos on.
type dotenvParser struct {
	file   string
	text   string
	pos    int
	line   int // of pos
	lookup func(string) (string, bool)
	values map[string]string
	size   int // of all values so far
}

func (p *dotenvParser) fault(format string, args ...any) error {
	return &DotenvError{p.file, p.line, fmt.Sprintf(format, args...)}
}

// peek returns the next byte, 0 at the end of the text. A zero byte in the text is no part of
// any token, so that it is refused where it stands.
func (p *dotenvParser) peek() byte {
	if p.pos < len(p.text) {
		return p.text[p.pos]
	}
	return 0
}

// next takes a byte.
func (p *dotenvParser) next() byte {
	c := p.text[p.pos]
	p.pos++
	if c == '\n' {
		p.line++
	}
	return c
}

// blanks skips what separates words.
func (p *dotenvParser) blanks() {
	for c := p.peek(); c == ' ' || c == '\t'; c = p.peek() {
		p.pos++
	}
}

// atEnd reports whether the line, or the text, ends here.
func (p *dotenvParser) atEnd() bool {
	rest := p.text[p.pos:]
	return rest == "" || rest[0] == '\n' || strings.HasPrefix(rest, "\r\n") || rest == "\r"
}

func (p *dotenvParser) skipLine() {
	end := strings.IndexByte(p.text[p.pos:], '\n')
	if end < 0 {
		p.pos = len(p.text)
		return
	}
	p.pos += end
	p.next()
}

func (p *dotenvParser) parse() error {
	for p.pos < len(p.text) {
		if p.blanks(); !p.atEnd() && p.peek() != '#' {
			if err := p.assignment(); err != nil {
				return err
			}
		}
		p.skipLine()
	}
	return nil
}

// assignment reads NAME=value, up to a comment or the end of the line.
func (p *dotenvParser) assignment() error {
	name, err := p.name()
	if err != nil {
		return err
	}
	p.blanks()
	if name == "export" && p.peek() != '=' {
		if name, err = p.name(); err != nil {
			return err
		}
		p.blanks()
	}
	if p.peek() != '=' {
		return p.fault("%.64s is not followed by =: write NAME=value", name)
	}
	p.pos++
	p.blanks()
	value := ""
	if p.peek() != '#' { // which begins a comment here even without a space
		if value, err = p.value(); err != nil {
			return err
		}
	}
	if p.size += len(name) + len(value); p.size > MaxDotenv {
		return p.tooLarge()
	}
	p.values[name] = value
	return nil
}

func (p *dotenvParser) tooLarge() error {
	return p.fault("the values up to here take more than %d bytes", MaxDotenv)
}

// name reads the name of a variable.
func (p *dotenvParser) name() (string, error) {
	start := p.pos
	for c := p.peek(); isName(c) || p.pos > start && (isDigit(c) || c == '.'); c = p.peek() {
		p.pos++
	}
	if p.pos == start {
		return "", p.fault("a line must be NAME=value, with a name of letters, digits and underscores")
	}
	return p.text[start:p.pos], nil
}

func isName(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
