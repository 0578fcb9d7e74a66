package registry

import (
	"context"
	"io"
)

// Registry is where packages are. Implementations can be used by many goroutines
// at once, and obey the context.
//
// The name of the registry is that of the manifest, a host with an optional port,
// or empty if the manifest has none; an implementation without a default returns
// [ErrNoRegistry] then. Package names have the form namespace:name. Names are
// checked before the methods are called by a [Fetcher].
type Registry interface {
	// Versions returns the releases of a package in any order. The error is
	// ErrNotFound if there is no such package.
	Versions(ctx context.Context, registry, pkg string) ([]Release, error)

	// Fetch opens the component of one of the releases that Versions returned.
	// The caller closes it.
	Fetch(ctx context.Context, registry, pkg string, release Release) (io.ReadCloser, error)
}

// Release is one version of a package.
type Release struct {
	Version string // such as 1.2.0
	Yanked  bool   // withdrawn: is not taken
	Digest  Digest // of the component; zero if the registry does not say
}
