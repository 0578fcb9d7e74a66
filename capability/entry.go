package capability

import (
	"errors"

	"github.com/spinhost/spin/internal/wording"
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
	s := wording.Quote(wording.HidePassword(e.Entry.Text)) + " " + e.Reason
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
func (e EntryErrors) Error() string { return wording.Lines(e) }

// Unwrap gives the errors to errors.Is and errors.As.
func (e EntryErrors) Unwrap() []error { return wording.Unwrap(e) }
