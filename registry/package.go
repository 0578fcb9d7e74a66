package registry

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// Version returns one release of a package, by its full version. A release that
// was yanked is not returned. The error is an [*Error].
func (f *Fetcher) Version(ctx context.Context, registry, pkg, version string) ([]byte, Release, error) {
	v, err := semver.Parse(version)
	if err != nil {
		return nil, Release{}, badVersion(pkg, err)
	}
	return f.release(ctx, registry, pkg, wanted{version, semver.Exactly(v), true})
}

// Matching returns the highest release of a package that satisfies a requirement,
// such as 1.2 or >=1.0, <3.0, and was not yanked. The error is an [*Error].
func (f *Fetcher) Matching(ctx context.Context, registry, pkg, requirement string) ([]byte, Release, error) {
	r, err := semver.ParseRequirement(requirement)
	if err != nil {
		return nil, Release{}, badVersion(pkg, err)
	}
	return f.release(ctx, registry, pkg, wanted{requirement, r, false})
}

// wanted is a requirement, or a version.
type wanted struct {
	text        string
	requirement semver.Requirement
	exact       bool // among equal versions, the build metadata of text counts
}

func badVersion(pkg string, err error) *Error {
	fault := &Error{Source: wording.Quote(pkg), Key: "version", Reason: err.Error(), Err: ErrInvalid}
	var bad *semver.Error
	if errors.As(err, &bad) {
		fault.Reason, fault.Fix = wording.Quote(bad.Text)+" is not a "+bad.Kind+": "+bad.Reason, bad.Fix
	}
	return fault
}

func (f *Fetcher) release(ctx context.Context, registry, pkg string, w wanted) ([]byte, Release, error) {
	if fault := checkNames(registry, pkg); fault != nil {
		return nil, Release{}, fault
	}
	if f.Registry == nil {
		return nil, Release{}, &Error{Source: pkg, Key: "package", Reason: "cannot be fetched, as there is no registry client", Err: ErrUnavailable,
			Fix: "set registry.Fetcher.Registry, or name a local file"}
	}
	releases, err := f.Registry.Versions(ctx, registry, pkg)
	if err != nil {
		return nil, Release{}, listFault(registry, pkg, err)
	}
	release, fault := choose(releases, pkg, w)
	if fault != nil {
		return nil, Release{}, fault
	}
	data, fault := f.content(ctx, registry, pkg, release)
	if fault != nil {
		return nil, Release{}, fault
	}
	return data, release, nil
}

// listFault explains why the releases of a package are not known.
func listFault(registry, pkg string, err error) *Error {
	fault := &Error{Source: pkg, Key: "package", Reason: "its releases cannot be listed: " + err.Error(), Err: err}
	where := "the default registry"
	if registry != "" {
		where = registry
	}
	switch {
	case errors.Is(err, ErrNoRegistry):
		fault.Key, fault.Reason = "registry", ErrNoRegistry.Error()
		fault.Fix = `write registry = "example.com" beside the package, or configure a default`
	case errors.Is(err, ErrNotFound):
		fault.Reason = "is not in " + where
		fault.Fix = "correct the name of the package or of the registry"
	}
	return fault
}

// choose returns the highest of the releases that satisfy a requirement.
func choose(releases []Release, pkg string, w wanted) (Release, *Error) {
	var versions []semver.Version
	var usable []Release
	yanked := ""
	for _, release := range releases {
		v, err := semver.Parse(release.Version)
		switch {
		case err != nil || !w.requirement.Matches(v):
			continue
		case release.Yanked:
			yanked = release.Version
			continue
		case w.exact && release.Version == w.text:
			return release, nil
		}
		versions, usable = append(versions, v), append(usable, release)
	}
	if i := w.requirement.Highest(versions); i >= 0 {
		return usable[i], nil
	}
	fault := &Error{Source: pkg, Key: "version", Reason: "has no release " + wording.Quote(w.text), Err: ErrNotFound}
	if yanked != "" {
		fault.Reason = "has the release " + yanked + " for " + wording.Quote(w.text) + ", but it was yanked"
	}
	fault.Fix = "there is none at all"
	if known := highest(releases); known != "" {
		fault.Fix = "there are " + known
	}
	return Release{}, fault
}

// highest lists some releases that can be had, the highest first.
func highest(releases []Release) string {
	var versions []semver.Version
	for _, release := range releases {
		if v, err := semver.Parse(release.Version); err == nil && !release.Yanked {
			versions = append(versions, v)
		}
	}
	slices.SortFunc(versions, func(a, b semver.Version) int { return b.Compare(a) })
	const most = 5
	var list []string
	for _, v := range versions[:min(most, len(versions))] {
		list = append(list, v.String())
	}
	if more := len(versions) - most; more > 0 {
		list = append(list, fmt.Sprintf("and %d more", more))
	}
	return strings.Join(list, ", ")
}

// content returns the component of a release.
func (f *Fetcher) content(ctx context.Context, registry, pkg string, release Release) ([]byte, *Error) {
	if !release.Digest.IsZero() {
		if data := f.cached(release.Digest); data != nil {
			return data, nil
		}
	}
	fault := &Error{Source: pkg + "@" + release.Version, Key: "package"}
	failed := func(err error) ([]byte, *Error) {
		fault.Reason, fault.Err = "cannot be fetched: "+err.Error(), err
		return nil, fault
	}
	body, err := f.Registry.Fetch(ctx, registry, pkg, release)
	if err != nil {
		return failed(err)
	}
	defer body.Close()
	data, err := readAll(body, f.maxSize())
	switch {
	case errors.Is(err, ErrTooLarge):
		return nil, f.tooLarge(fault)
	case err != nil:
		return failed(err)
	case release.Digest.IsZero():
		return data, nil // nobody could find it in the cache
	}
	if got := DigestOf(data); got != release.Digest {
		fault.Reason = "is " + got.String() + " where the registry promises " + release.Digest.String()
		fault.Fix, fault.Err = "ask who runs the registry", ErrDigest
		return nil, fault
	}
	f.keep(data)
	return data, nil
}
