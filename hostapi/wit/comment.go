package wit

import "strings"

// skipSpace moves over white space and comments, and keeps the documentation among them.
func (l *lexer) skipSpace() *Error {
	for {
		s := l.rest()
		switch {
		case s == "":
			return nil
		case strings.IndexByte(" \n\r\t", s[0]) >= 0:
			l.advance(len(s) - len(strings.TrimLeft(s, " \n\r\t")))
		case strings.HasPrefix(s, "//"):
			l.lineComment()
		case strings.HasPrefix(s, "/*"):
			if err := l.blockComment(); err != nil {
				return err
			}
		default:
			return nil
		}
	}
}

// lineComment moves over a comment that ends with its line. Three slashes make it documentation; more are a ruler.
func (l *lexer) lineComment() {
	text, _, _ := strings.Cut(l.rest(), "\n")
	if doc, ok := strings.CutPrefix(text, "///"); ok && !strings.HasPrefix(doc, "/") {
		l.docs = append(l.docs, trimDocLine(doc))
	}
	l.advance(len(text))
}

// blockComment moves over a comment that may contain others. Two stars make it documentation; more are a ruler.
func (l *lexer) blockComment() *Error {
	s := l.rest()
	end := blockEnd(s)
	if end < 0 {
		return l.errorf("comment is not closed; write */")
	}
	text := s[:end]
	if doc, ok := strings.CutPrefix(text, "/**"); ok && len(text) > len("/**/") && doc[0] != '*' {
		l.docs = append(l.docs, blockDocLines(strings.TrimSuffix(doc, "*/"))...)
	}
	l.advance(end)
	return nil
}

// blockEnd returns where the comment at the start of s ends, -1 if it does not.
func blockEnd(s string) int {
	depth := 0
	for i := 0; i+1 < len(s); i++ {
		switch s[i : i+2] {
		case "/*":
			depth++
			i++
		case "*/":
			depth--
			i++
			if depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// trimDocLine removes what surrounds the text of one line: the space after the marker and space at the end.
func trimDocLine(s string) string { return strings.TrimPrefix(strings.TrimRight(s, " \t\r"), " ") }

// blockDocLines splits the text of a block comment into lines without what only serves its looks: blank lines at the
// ends, and either a star in front of each line or the indentation they share.
func blockDocLines(text string) []string {
	lines := strings.Split(text, "\n")
	first := trimDocLine(lines[0])
	rest := lines[1:]
	if n := len(rest); n > 0 && strings.TrimSpace(rest[n-1]) == "" {
		rest = rest[:n-1]
	}
	rest = unindent(rest)
	if first == "" {
		return rest
	}
	return append([]string{first}, rest...)
}

// unindent removes the stars, or else the indentation, that all of the lines share.
func unindent(lines []string) []string {
	starred := len(lines) > 0
	indent := -1
	for _, line := range lines {
		text := strings.TrimLeft(line, " \t")
		starred = starred && strings.HasPrefix(text, "*")
		if width := len(line) - len(text); strings.TrimSpace(text) != "" && (indent < 0 || width < indent) {
			indent = width
		}
	}
	out := make([]string, len(lines))
	for i, line := range lines {
		if starred {
			out[i] = trimDocLine(strings.TrimPrefix(strings.TrimLeft(line, " \t"), "*"))
		} else {
			out[i] = strings.TrimRight(line[min(max(indent, 0), len(line)):], " \t\r")
		}
	}
	return out
}
