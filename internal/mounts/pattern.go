package mounts

import (
	"strings"
	"unicode/utf8"
)

// maxPattern bounds a pattern, in characters.
const maxPattern = 512

// token is one step of a pattern.
type token struct {
	kind   tokenKind
	char   rune
	ranges []charRange // of a set
}

type tokenKind uint8

const (
	literal tokenKind = iota
	anyChar
	inSet
	notInSet
	anyText // *, slashes too where the text has any
	folders // **/: nothing, or text up to a slash or the end
)

type charRange struct{ first, last rune }

// pattern is a pattern that can be held against text.
type pattern struct {
	tokens    []token
	now, next *states // of the last match, to be used again
}

// parsePattern reads a pattern. If it cannot be read, problem says why.
func parsePattern(text string) (p *pattern, problem string) {
	chars := []rune(text)
	switch {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, "has a character that no path has"
	case len(chars) > maxPattern:
		return nil, "is too long"
	}
	p = &pattern{}
	for i := 0; i < len(chars); {
		switch chars[i] {
		case '?':
			p.tokens = append(p.tokens, token{kind: anyChar})
			i++
		case '*':
			n, problem := p.stars(chars, i)
			if problem != "" {
				return nil, problem
			}
			i += n
		case '[':
			n := p.set(chars[i:])
			if n == 0 {
				return nil, "has [ without the ] that ends the set of characters"
			}
			i += n
		default:
			p.tokens = append(p.tokens, token{kind: literal, char: chars[i]})
			i++
		}
	}
	return p, ""
}

// stars reads * or ** at i and returns how many characters it took.
func (p *pattern) stars(chars []rune, i int) (n int, problem string) {
	for i+n < len(chars) && chars[i+n] == '*' {
		n++
	}
	startsPart := i == 0 || chars[i-1] == '/'
	ended := i+n == len(chars)
	switch {
	case n == 1:
		p.tokens = append(p.tokens, token{kind: anyText})
		return n, ""
	case n > 2:
		return 0, "has more than two stars side by side"
	case !startsPart || !ended && chars[i+n] != '/':
		return 0, "has ** beside other characters, but it stands for whole folders"
	case !ended:
		n++ // the slash belongs to it
	}
	p.tokens = append(p.tokens, token{kind: folders})
	return n, ""
}

// set reads a set of characters and returns how many it took, none if it does not
// end. A ] at its beginning is a member of the set.
func (p *pattern) set(chars []rune) int {
	t, start := token{kind: inSet}, 1
	if len(chars) > 1 && chars[1] == '!' {
		t.kind, start = notInSet, 2
	}
	end := start + 1
	for end < len(chars) && chars[end] != ']' {
		end++
	}
	if end >= len(chars) {
		return 0
	}
	for members := chars[start:end]; len(members) > 0; {
		if len(members) >= 3 && members[1] == '-' {
			t.ranges = append(t.ranges, charRange{members[0], members[2]})
			members = members[3:]
			continue
		}
		t.ranges = append(t.ranges, charRange{members[0], members[0]})
		members = members[1:]
	}
	p.tokens = append(p.tokens, t)
	return end + 1
}

// accepts reports whether a step that takes one character takes c.
func (t *token) accepts(c rune) bool {
	switch t.kind {
	case literal:
		return c == t.char
	case inSet, notInSet:
		for _, r := range t.ranges {
			if r.first <= c && c <= r.last {
				return t.kind == inSet
			}
		}
		return t.kind == notInSet
	}
	return t.kind == anyChar
}
