package manifest

import (
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// grammar is one of the kinds of identifiers: words of ASCII letters and digits
// that start with a letter, joined by a delimiter. Letters of a word are of one
// case.
type grammar struct {
	what  string // for messages
	delim byte
	lower bool // no capital letters
}

var (
	kebab         = grammar{what: "the id", delim: '-'}
	kebabLabel    = grammar{what: "the label", delim: '-'}
	snakeLabel    = grammar{what: "the label", delim: '_'}
	plainName     = grammar{what: "the name", delim: '-'}
	interfaceName = grammar{what: "the interface", delim: '-'}
	lowerKebab    = grammar{what: "each part", delim: '-', lower: true}
	lowerSnake    = grammar{what: "the name", delim: '_', lower: true}
)

// check returns what is wrong with an identifier and what to write, or "".
func (g grammar) check(id string) string {
	problem := g.problem(id)
	if problem == "" {
		return ""
	}
	if fixed := g.fix(id); fixed != "" {
		return problem + ": write " + wording.Quote(fixed)
	}
	return problem + ": write words such as " + wording.Quote("my"+string(g.delim)+"name")
}

// fix proposes an identifier that is near to a wrong one, if that is clear.
func (g grammar) fix(id string) string {
	if len(id) > wording.MaxQuoted {
		return ""
	}
	var b strings.Builder
	for word := range strings.SplitSeq(strings.ReplaceAll(strings.ToLower(id), string(g.other()), string(g.delim)), string(g.delim)) {
		// No word starts with a digit: a_1 can be a1.
		if b.Len() > 0 && (word == "" || !isDigit(word[0])) {
			b.WriteByte(g.delim)
		}
		b.WriteString(word)
	}
	if g.problem(b.String()) != "" {
		return ""
	}
	return b.String()
}

func (g grammar) other() byte {
	if g.delim == '-' {
		return '_'
	}
	return '-'
}

func (g grammar) problem(id string) string {
	switch {
	case id == "":
		return g.what + " is empty"
	case strings.IndexByte(id, g.other()) >= 0:
		return "words of " + g.what + ` are separated by "` + string(g.delim) + `", not "` + string(g.other()) + `"`
	}
	for word := range strings.SplitSeq(id, string(g.delim)) {
		if problem := g.wordProblem(word); problem != "" {
			return problem
		}
	}
	return ""
}

func (g grammar) wordProblem(word string) string {
	if word == "" {
		return "a word of " + g.what + ` is empty, as "` + string(g.delim) + `" may only stand between two words`
	}
	if !isLetter(word[0]) {
		return "each word of " + g.what + " must start with an ASCII letter"
	}
	upper := word[0] < 'a'
	if upper && g.lower {
		return g.what + " has no capital letters"
	}
	for _, c := range []byte(word) {
		switch {
		case isDigit(c):
		case !isLetter(c):
			return g.what + ` may only have ASCII letters, digits and "` + string(g.delim) + `"`
		case (c < 'a') != upper && g.lower:
			return g.what + " has no capital letters"
		case (c < 'a') != upper:
			return "the letters of a word of " + g.what + " must be all lower or all upper case"
		}
	}
	return ""
}

// checkLabel checks the label of a store or a database, which may have either
// delimiter.
func checkLabel(label string) string {
	problem := kebabLabel.problem(label)
	if problem == "" || snakeLabel.problem(label) == "" {
		return ""
	}
	switch {
	case strings.Contains(label, "_") && strings.Contains(label, "-"):
		problem = `words of the label are separated by "-" or by "_", not by both`
	case strings.Contains(label, "_"):
		problem = snakeLabel.problem(label)
	}
	msg := wording.Quote(label) + " is not a label: " + problem
	for _, g := range []grammar{kebabLabel, snakeLabel} {
		if fixed := g.fix(label); fixed != "" {
			return msg + ": write " + wording.Quote(fixed)
		}
	}
	return msg + `: write words such as "my-store" or "my_store"`
}
