package wit

import (
	"strings"
	"unicode/utf8"
)

// scanString reads a string literal of the core WebAssembly text format: a name, hence valid UTF-8 once decoded.
func (l *lexer) scanString(t *token) *Error {
	start := *l
	t.kind = tokString
	l.advance(1)
	var text strings.Builder
	for {
		s := l.rest()
		n := strings.IndexAny(s, "\"\\\n")
		if n < 0 || s[n] == '\n' {
			return start.errorf("string is not closed on its line")
		}
		for i := range n {
			if s[i] < ' ' { // only a tab or carriage return gets past checkText
				l.advance(i)
				return l.errorf("control code in a string; write it as an escape such as \\t")
			}
		}
		text.WriteString(s[:n])
		l.advance(n)
		if s[n] == '"' {
			l.advance(1)
			break
		}
		decoded, width := decodeEscape(s[n:])
		if width == 0 {
			return l.errorf("unknown escape in a string; WIT has \\t \\n \\r \\\" \\' \\\\ \\u{hex} and two hex digits")
		}
		text.WriteString(decoded)
		l.advance(width)
	}
	if !utf8.ValidString(text.String()) {
		return start.errorf("string is not valid UTF-8 once its escapes are decoded")
	}
	t.text = text.String()
	return nil
}

// decodeEscape decodes the escape at the start of s and returns its text and width, 0 if there is none.
func decodeEscape(s string) (string, int) {
	if len(s) < 2 {
		return "", 0
	}
	switch c := s[1]; c {
	case 't':
		return "\t", 2
	case 'n':
		return "\n", 2
	case 'r':
		return "\r", 2
	case '"', '\'', '\\':
		return s[1:2], 2
	case 'u':
		return decodeUnicodeEscape(s)
	}
	if len(s) < 3 || hexValue(s[1]) < 0 || hexValue(s[2]) < 0 {
		return "", 0
	}
	return string([]byte{byte(hexValue(s[1])<<4 | hexValue(s[2]))}), 3
}

// decodeUnicodeEscape decodes \u{...}: hex digits, which single underscores may separate, of a scalar value.
func decodeUnicodeEscape(s string) (string, int) {
	end := strings.IndexByte(s, '}')
	if end < 0 || !strings.HasPrefix(s, `\u{`) {
		return "", 0
	}
	value, afterDigit := rune(0), false
	for i := len(`\u{`); i < end; i++ {
		if s[i] == '_' && afterDigit {
			afterDigit = false
			continue
		}
		digit := hexValue(s[i])
		if value = value<<4 | rune(max(digit, 0)); digit < 0 || value > utf8.MaxRune {
			return "", 0
		}
		afterDigit = true
	}
	if !afterDigit || !utf8.ValidRune(value) {
		return "", 0
	}
	return string(value), end + 1
}

func hexValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
