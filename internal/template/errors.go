package template

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ErrResultTooLong is returned by [Template.Resolve]. It does not tell the text,
// which may hold a secret.
var ErrResultTooLong = errors.New("the values make the text longer than " + strconv.Itoa(MaxResult) + " bytes: shorten them")

// SyntaxError is a fault in the text of a template.
type SyntaxError struct {
	Offset int    // of the fault in the text, in bytes
	Reason string // what is wrong
	Fix    string // what to write instead
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("at byte %d: %s: %s", e.Offset, e.Reason, e.Fix)
}

var tooLong = &SyntaxError{
	Offset: MaxLength,
	Reason: "the text has more than " + strconv.Itoa(MaxLength) + " bytes",
	Fix:    "keep long values in files or in a variables provider",
}

func tooMany(offset int) error {
	return &SyntaxError{
		Offset: offset,
		Reason: "the text has more than " + strconv.Itoa(MaxReferences) + " expressions",
		Fix:    "split it into several variables",
	}
}

// unclosed proposes what the writer has probably meant: the word that follows
// the braces as a name.
func unclosed(text string, open int) error {
	err := &SyntaxError{Offset: open, Reason: `"{{" has no "}}"`}
	word := strings.TrimLeft(text[open+2:], " \t")
	end := 0
	for end < len(word) && isKeyByte(word[end]) {
		end++
	}
	if end > 0 && end <= 64 {
		err.Fix = fmt.Sprintf(`write "{{ %s }}"`, word[:end])
	} else {
		err.Fix = `close it, as in "{{ name }}"; text cannot have two opening braces in a row`
	}
	return err
}

// quote quotes a name for a message, cut to a length that can be read.
func quote(name string) string {
	const most = 64
	if len(name) <= most {
		return strconv.Quote(name)
	}
	end := most
	for end > 0 && !utf8.RuneStart(name[end]) {
		end--
	}
	return strconv.Quote(name[:end]) + "..."
}
