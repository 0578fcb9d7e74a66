package registry

import "errors"

// Causes of an [Error], for errors.Is.
var (
	// ErrInvalid means a value that its key cannot have.
	ErrInvalid = errors.New("invalid value")
	// ErrDigest means content that is not what the digest says.
	ErrDigest = errors.New("wrong digest")
	// ErrNotFound means that there is no such file, package or release.
	ErrNotFound = errors.New("not found")
	// ErrTooLarge means content beyond [Fetcher.MaxSize].
	ErrTooLarge = errors.New("too large")
	// ErrUnavailable means that the Fetcher was not given what it needs to
	// fetch this: an HTTP client, or a registry.
	ErrUnavailable = errors.New("cannot be fetched here")
	// ErrNoRegistry is for a [Registry] that has no default and is asked for a
	// package without the name of a registry.
	ErrNoRegistry = errors.New("no registry is named, and there is no default")
)

// Error says why a component cannot be had.
type Error struct {
	Source string // URL, or package and version, as far as they are known
	Key    string // key of the manifest at fault: url, digest, registry, package or version
	Reason string // what is wrong, to be read after the source
	Fix    string // what to write or do instead; may be empty
	Err    error  // the cause
}

// Error returns the source, the reason and the fix.
func (e *Error) Error() string {
	s := e.Source + ": " + e.Reason
	if e.Fix != "" {
		s += ": " + e.Fix
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
