package wit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A lexer splits a file into tokens. It is a small value: a copy looks ahead without effect on the original.
type lexer struct {
	file string
	src  string
	off  int
	line int
	col  int
	docs []string // documentation since the last token
}

func newLexer(file, src string) lexer { return lexer{file: file, src: src, line: 1, col: 1} }

func (l *lexer) pos() Position { return Position{File: l.file, Line: l.line, Column: l.col} }

// advance moves over n bytes.
func (l *lexer) advance(n int) {
	passed := l.src[l.off : l.off+n]
	l.off += n
	if lines := strings.Count(passed, "\n"); lines > 0 {
		l.line += lines
		l.col = n - strings.LastIndexByte(passed, '\n')
		return
	}
	l.col += n
}

// rest is the text from here on.
func (l *lexer) rest() string { return l.src[l.off:] }

// next returns the next token. After an error the lexer cannot go on.
func (l *lexer) next() (token, *Error) {
	l.docs = nil
	if err := l.skipSpace(); err != nil {
		return token{}, err
	}
	t := token{pos: l.pos(), start: l.off, docs: strings.Join(l.docs, "\n")}
	if err := l.scan(&t); err != nil {
		return token{}, err
	}
	t.end = l.off
	return t, nil
}

// scan reads the token that starts here.
func (l *lexer) scan(t *token) *Error {
	s := l.rest()
	switch {
	case s == "":
		t.kind = tokEOF
	case strings.HasPrefix(s, "->"):
		t.kind = tokArrow
		l.advance(2)
	case s[0] == '"':
		return l.scanString(t)
	case isDigit(s[0]):
		l.scanNumber(t)
	case s[0] == '%' || s[0] == '_' || isLetter(s[0]):
		return l.scanName(t)
	case strings.IndexByte("=,:;(){}<>*/.@", s[0]) >= 0:
		t.kind = tokenKind(s[:1])
		l.advance(1)
	default:
		r, _ := utf8.DecodeRuneInString(s)
		return l.errorf("unexpected character %q", r)
	}
	return nil
}

// scanNumber reads an integer, or a version with all of its parts. A dot at the end is not part of a version: it is
// the one of "use a:b/c@1.0.0.{t}".
func (l *lexer) scanNumber(t *token) {
	s := l.rest()
	n := 0
	for n < len(s) && (isDigit(s[n]) || isLetter(s[n]) || strings.IndexByte(".+-", s[n]) >= 0) {
		n++
	}
	t.text = strings.TrimRight(s[:n], ".")
	t.kind = tokVersion
	if allDigits(t.text) {
		t.kind = tokInteger
	}
	l.advance(len(t.text))
}

// scanName reads an identifier or keyword. Whether it is a label is for the parser to judge, which can go on after
// reporting a bad one.
func (l *lexer) scanName(t *token) *Error {
	t.escaped = l.src[l.off] == '%'
	if t.escaped {
		l.advance(1)
	}
	s := l.rest()
	n := 0
	for n < len(s) && (isDigit(s[n]) || isLetter(s[n]) || s[n] == '-' || s[n] == '_') {
		n++
	}
	if n > 0 && s[n-1] == '-' && strings.HasPrefix(s[n:], ">") {
		n-- // the hyphen of an arrow
	}
	if n == 0 {
		return l.errorf("expected an identifier after %%")
	}
	t.kind, t.text = tokIdent, s[:n]
	if !t.escaped && (keywords[t.text] || t.text == "_") {
		t.kind = tokKeyword
	}
	l.advance(n)
	return nil
}

func (l *lexer) errorf(format string, args ...any) *Error {
	var list ErrorList
	list.add(l.pos(), ErrSyntax, format, args...)
	return list[0]
}

// bannedRunes are what a WIT file may not contain anywhere: characters that reorder text on screen, and those that
// Unicode deprecates or discourages. Control codes are checked apart.
var bannedRunes = []*unicode.RangeTable{unicode.Deprecated, {R16: []unicode.Range16{
	{Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
	{Lo: 0x202A, Hi: 0x202E, Stride: 1},
	{Lo: 0x2066, Hi: 0x2069, Stride: 1},
}}}

// checkText reports the first character that may not occur in a WIT file.
func checkText(file, src string) *Error {
	l := newLexer(file, src)
	for i, r := range src {
		plain := r >= ' ' && r < 0x7F || r == '\n' || r == '\r' || r == '\t'
		if plain || r >= 0xA0 && r != utf8.RuneError && !unicode.In(r, bannedRunes...) {
			continue
		}
		if r == utf8.RuneError && strings.HasPrefix(src[i:], string(utf8.RuneError)) {
			continue // the replacement character itself, well encoded
		}
		l.advance(i)
		if r == utf8.RuneError {
			return l.errorf("invalid UTF-8; WIT files are encoded as UTF-8")
		}
		return l.errorf("character %U is not allowed in WIT", r)
	}
	return nil
}
