package wit

import (
	"errors"
	"fmt"
	"strings"
)

// The classes of fault a WIT text can have. Every [Error] wraps one of them, or the error of the file system that
// made a file unreadable.
var (
	// ErrSyntax marks text that the grammar does not allow.
	ErrSyntax = errors.New("wit: syntax error")
	// ErrUndefined marks a name that nothing defines.
	ErrUndefined = errors.New("wit: undefined name")
	// ErrDuplicate marks a name that is defined twice in one scope.
	ErrDuplicate = errors.New("wit: duplicate name")
	// ErrCycle marks types, interfaces, worlds or packages that need themselves.
	ErrCycle = errors.New("wit: cycle")
	// ErrInvalid marks text that parses and resolves but breaks another rule of WIT.
	ErrInvalid = errors.New("wit: invalid definition")
	// ErrLimit marks input that is larger than the [Limits] in force.
	ErrLimit = errors.New("wit: limit exceeded")
)

// A Position is a place in a WIT file. Lines and columns count from 1; a column counts bytes, as go/token does. A
// position with Line 0 means the file as a whole.
type Position struct {
	File   string
	Line   int
	Column int
}

// IsValid reports whether p names a line.
func (p Position) IsValid() bool { return p.Line > 0 }

// String renders p as file:line:column, leaving out what is unknown.
func (p Position) String() string {
	if !p.IsValid() {
		return p.File
	}
	s := fmt.Sprintf("%d:%d", p.Line, p.Column)
	if p.File != "" {
		s = p.File + ":" + s
	}
	return s
}

// An Error is one fault of a WIT text. errors.Is finds its class, such as [ErrCycle].
type Error struct {
	Pos Position
	Msg string // what is wrong and, where it can be told, what to write instead
	Err error  // the class of the fault
}

// Error renders the fault with its position in front.
func (e *Error) Error() string {
	if pos := e.Pos.String(); pos != "" {
		return pos + ": " + e.Msg
	}
	return e.Msg
}

// Unwrap returns the class of the fault.
func (e *Error) Unwrap() error { return e.Err }

// An ErrorList holds every fault that was found, in the order of files and positions in which checking met them.
// It is the type of every error that this package returns.
type ErrorList []*Error

// Error renders one fault for each line.
func (l ErrorList) Error() string {
	lines := make([]string, len(l))
	for i, e := range l {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the faults, for errors.Is and errors.As.
func (l ErrorList) Unwrap() []error {
	errs := make([]error, len(l))
	for i, e := range l {
		errs[i] = e
	}
	return errs
}

// maxErrors bounds a report: past it, further faults mostly repeat the earlier ones.
const maxErrors = 100

// full reports whether add has no effect any more. Where it costs more than a little to say what is wrong, ask first.
func (l ErrorList) full() bool { return len(l) >= maxErrors }

// add appends a fault unless the report is full.
func (l *ErrorList) add(pos Position, class error, format string, args ...any) {
	if !l.full() {
		*l = append(*l, &Error{Pos: pos, Msg: fmt.Sprintf(format, args...), Err: class})
	}
}

// err returns l as an error, nil when it is empty.
func (l ErrorList) err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
