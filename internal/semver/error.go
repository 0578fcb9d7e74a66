package semver

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Error says why a text is no version or no requirement.
type Error struct {
	Text   string // as given
	Kind   string // "version" or "version requirement"
	Offset int    // where in the text, in bytes
	Reason string // what is wrong there
	Fix    string // what to write instead; may be empty
}

// Error returns what is wrong and what to write instead.
func (e *Error) Error() string {
	s := wording.Quote(e.Text) + " is not a " + e.Kind + ": " + e.Reason
	if e.Fix != "" {
		s += ": " + e.Fix
	}
	return s
}

const maxLength = 256 // bytes of a version or a requirement

// scanner reads a text from left to right. After the first fault it stands still.
type scanner struct {
	text string
	at   int
	err  *Error
}

func newScanner(text, kind string) *scanner {
	s := &scanner{text: text}
	if len(text) > maxLength {
		s.at = maxLength
		s.fail(kind, fmt.Sprintf("it has more than %d bytes", maxLength), "")
	}
	return s
}

// fail records a fault at the current place, unless there was one before.
func (s *scanner) fail(kind, reason, fix string) {
	if s.err == nil {
		s.err = &Error{Text: s.text, Kind: kind, Offset: s.at, Reason: reason, Fix: fix}
	}
}

func (s *scanner) rest() string { return s.text[s.at:] }

// found describes what stands at the current place.
func (s *scanner) found() string {
	for _, r := range s.rest() {
		return strconv.QuoteRune(r)
	}
	return "the end"
}

// accept takes a prefix of the rest.
func (s *scanner) accept(prefix string) bool {
	ok := s.err == nil && strings.HasPrefix(s.rest(), prefix)
	if ok {
		s.at += len(prefix)
	}
	return ok
}

func (s *scanner) spaces() {
	for s.accept(" ") {
	}
}

// run takes bytes as long as they are in a set.
func (s *scanner) run(in func(c byte) bool) string {
	start := s.at
	for s.err == nil && s.at < len(s.text) && in(s.text[s.at]) {
		s.at++
	}
	return s.text[start:s.at]
}
