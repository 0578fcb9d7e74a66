package capability

import (
	"errors"
	"strconv"
	"strings"
)

// Causes of an [EntryError] about an entry with a template such as {{ host }}.
var (
	// ErrTemplate means that the template cannot be read.
	ErrTemplate = errors.New("malformed template")
	// ErrUnresolved means that a variable of the template has no value, so that it is not known what the entry
	// allows. It is also the cause of a denial by a list with such entries.
	ErrUnresolved = errors.New("template not resolved")
)

// Limits of one list. They bound the cost of a decision.
const (
	maxEntries     = 4096
	maxEntryLength = 512 // bytes
)

// Entry is one item of a list in a manifest, such as allowed_outbound_hosts.
type Entry struct {
	Text string   // as written
	Pos  Position // where it is written
}

// EntryError says why an entry cannot be used.
type EntryError struct {
	Entry  Entry
	Reason string // what is wrong, to be read after the entry
	Fix    string // what to write instead, as an instruction
	Err    error  // the cause, such as ErrTemplate; may be nil
}

// Error returns the position, the entry, the reason and the fix.
func (e *EntryError) Error() string {
	return e.Entry.Pos.String() + ": allowed_outbound_hosts: " + e.Detail()
}

// Detail is Error without the position.
func (e *EntryError) Detail() string {
	s := quote(e.Entry.Text) + " " + e.Reason
	if e.Fix != "" {
		s += ": " + e.Fix
	}
	return s
}

// Unwrap returns the cause, if any.
func (e *EntryError) Unwrap() error { return e.Err }

// EntryErrors holds one error for each faulty entry of a list, in the order of
// the list.
type EntryErrors []*EntryError

// Error returns one line for each entry.
func (e EntryErrors) Error() string { return joinErrors(e) }

// Unwrap gives the errors to errors.Is and errors.As.
func (e EntryErrors) Unwrap() []error { return unwrapErrors(e) }

// joinErrors returns one line for each error.
func joinErrors[E error](list []E) string {
	lines := make([]string, len(list))
	for i, err := range list {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "\n")
}

func unwrapErrors[E error](list []E) []error {
	errs := make([]error, len(list))
	for i, err := range list {
		errs[i] = err
	}
	return errs
}

// quote quotes text for a message and keeps it short.
func quote(text string) string {
	const most = 80
	if len(text) > most {
		return strconv.Quote(strings.ToValidUTF8(text[:most], "")) + "..."
	}
	return strconv.Quote(text)
}
