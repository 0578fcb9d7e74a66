package wit

import "strconv"

// A tokenKind classifies a token. Punctuation is its own kind.
type tokenKind string

const (
	tokEOF     tokenKind = "end of file"
	tokIdent   tokenKind = "identifier"
	tokKeyword tokenKind = "keyword"
	tokInteger tokenKind = "integer"
	tokVersion tokenKind = "version"
	tokString  tokenKind = "string"
	tokArrow   tokenKind = "->"
)

// A token is a lexical element with the documentation that stands in front of it.
type token struct {
	kind    tokenKind
	text    string // an identifier without its %, a string literal decoded
	escaped bool   // an identifier written with %
	docs    string
	pos     Position
	start   int // byte offsets in the file
	end     int
}

// is reports whether t is the keyword or punctuation s.
func (t token) is(s string) bool {
	return string(t.kind) == s || t.kind == tokKeyword && t.text == s
}

// describe names the token in messages.
func (t token) describe() string {
	switch t.kind {
	case tokEOF:
		return string(tokEOF)
	case tokString:
		return "string " + strconv.Quote(shorten(t.text))
	case tokIdent, tokKeyword, tokInteger, tokVersion:
		return string(t.kind) + " " + shorten(t.text)
	}
	return strconv.Quote(string(t.kind))
}

// shorten keeps messages readable whatever the input holds.
func shorten(s string) string {
	const limit = 60
	if len(s) <= limit {
		return s
	}
	return s[:limit] + "..."
}
