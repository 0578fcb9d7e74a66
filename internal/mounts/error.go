package mounts

import (
	"errors"
	"path"

	"github.com/spinhost/spin/internal/wording"
)

// Causes of an [Error], for errors.Is. What does not exist is fs.ErrNotExist.
var (
	// ErrPath means a source that is no name of a file below the app's folder.
	ErrPath = errors.New("not a usable path")
	// ErrEscape means a path, or a symbolic link, that leads out of the folder.
	ErrEscape = errors.New("leads out of the folder")
	// ErrLink means symbolic links that lead in circles.
	ErrLink = errors.New("symbolic links in a circle")
	// ErrPattern means a pattern that cannot be read.
	ErrPattern = errors.New("not a pattern")
	// ErrDestination means a destination where the source cannot be.
	ErrDestination = errors.New("not a usable destination")
	// ErrKind means a source that is neither a regular file nor a folder, or
	// not the one of both that it has to be.
	ErrKind = errors.New("wrong kind of file")
	// ErrExclude means exclude_files beside direct mounts.
	ErrExclude = errors.New("cannot exclude files of direct mounts")
	// ErrLimit means more files, or more work, than any honest app has.
	ErrLimit = errors.New("limit exceeded")
)

// Error is one fault of files or exclude_files.
type Error struct {
	Pos    Position // of the entry
	Key    string   // "files" or "exclude_files"
	Text   string   // the entry: source or pattern
	Reason string   // what is wrong, to be read after the entry
	Fix    string   // what to write instead; may be empty
	Err    error    // the cause
}

// Error returns the position, the key, the entry, the reason and the fix.
func (e *Error) Error() string {
	return e.Pos.String() + ": " + e.Key + ": " + e.Detail()
}

// Detail is Error without the position and the key.
func (e *Error) Detail() string {
	s := wording.Quote(e.Text) + " " + e.Reason
	if e.Fix != "" {
		s += ": " + e.Fix
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

func (e Entry) fault(cause error, reason, fix string) *Error {
	return &Error{e.Pos, "files", e.Source, reason, fix, cause}
}

func (x Exclude) fault(cause error, reason, fix string) *Error {
	return &Error{x.Pos, "exclude_files", x.Pattern, reason, fix, cause}
}

// linkFault explains a symbolic link that cannot be followed: one that was found, or
// one in a path that the entry names, which exclude_files cannot leave out.
func (e Entry) linkFault(source string, found bool, cause error) *Error {
	what := "is, or goes through, a symbolic link that "
	if source != path.Clean(e.Source) {
		what = "has the symbolic link " + wording.Quote(source) + ", which "
	}
	fix := "put there what it leads to"
	if found {
		fix += ", or exclude it: exclude_files = [" + wording.Quote(source) + "]"
	}
	if errors.Is(cause, ErrLink) {
		return e.fault(ErrLink, what+"leads back to itself or to a folder around it", fix)
	}
	return e.fault(ErrEscape, what+"leads out of the folder of the manifest", fix)
}

// Errors holds the faults of one component in the order of its entries.
type Errors []*Error

// Error returns one line for each fault.
func (e Errors) Error() string { return wording.Lines(e) }

// Unwrap gives the faults to errors.Is and errors.As.
func (e Errors) Unwrap() []error { return wording.Unwrap(e) }

const maxErrors = 32 // reported at once; of warnings too

// faults gathers errors up to a number that a person can read.
type faults struct {
	errs Errors
}

func (f *faults) add(err *Error) {
	if len(f.errs) < maxErrors {
		f.errs = append(f.errs, err)
	}
}

func (f *faults) full() bool { return len(f.errs) >= maxErrors }

func (f *faults) err() error {
	if len(f.errs) == 0 {
		return nil
	}
	return f.errs
}
