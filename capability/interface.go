package capability

import (
	"errors"
	"strings"

	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// InterfaceID is the name of a WIT interface, such as wasi:http/types@0.2.6. IDs are comparable with ==.
type InterfaceID struct {
	Package   string // with its namespace: wasi:http
	Interface string // types
	Version   string // 0.2.6; empty if the name has none
}

// ErrInterfaceID is matched by errors.Is for text that is no interface name.
var ErrInterfaceID = errors.New("not an interface name")

// InterfaceIDError says why text is no interface name.
type InterfaceIDError struct {
	Text   string
	Reason string // to be read after the text
}

// Error says what to write instead.
func (e *InterfaceIDError) Error() string {
	return wording.Quote(e.Text) + " " + e.Reason + `: write namespace:package/interface, such as "wasi:http/types", and perhaps a version, such as "@0.2.6"`
}

// Is makes errors.Is(err, ErrInterfaceID) hold.
func (e *InterfaceIDError) Is(target error) bool { return target == ErrInterfaceID }

const maxInterfaceID = 1024 // bytes

// ParseInterfaceID reads namespace:package/interface, perhaps with @ and a version as semver.org 2.0.0 defines it. The
// error is an *[InterfaceIDError].
//
// The grammar of names is that of the component model's "Import and Export Definitions", without nested namespaces
// and packages.
func ParseInterfaceID(text string) (InterfaceID, error) {
	fail := func(reason string) (InterfaceID, error) {
		return InterfaceID{}, &InterfaceIDError{Text: text, Reason: reason}
	}
	if len(text) > maxInterfaceID {
		return fail("has more than 1024 bytes")
	}
	name, version, versioned := strings.Cut(text, "@")
	pkg, iface, found := strings.Cut(name, "/")
	if !found {
		return fail("names no interface")
	}
	namespace, short, found := strings.Cut(pkg, ":")
	if !found {
		return fail("names no namespace")
	}
	for _, label := range []string{namespace, short} {
		if !isLabel(label) || strings.ToLower(label) != label {
			return fail("has a package name other than words of lower-case letters and digits")
		}
	}
	if !isLabel(iface) {
		return fail("has an interface name other than words of letters and digits")
	}
	if _, err := semver.Parse(version); versioned && err != nil {
		return fail("has a version other than three numbers such as 0.2.6, perhaps with a pre-release")
	}
	return InterfaceID{Package: pkg, Interface: iface, Version: version}, nil
}

// Name returns the name without the version.
func (id InterfaceID) Name() string { return id.Package + "/" + id.Interface }

// String returns the name with the version.
func (id InterfaceID) String() string {
	if id.Version == "" {
		return id.Name()
	}
	return id.Name() + "@" + id.Version
}

// Track returns the name with that part of the version which compatible versions share: the major number, or the minor
// one where that is 0, or all three where both are. A pre-release is a track of its own, and so is a name without
// version. Build metadata does not count.
func (id InterfaceID) Track() string {
	v, err := semver.Parse(id.Version)
	if err != nil {
		return id.String()
	}
	return id.Name() + "@" + v.Track()
}

// Compatible reports whether both are versions of one interface on the same track.
func (id InterfaceID) Compatible(with InterfaceID) bool { return id.Track() == with.Track() }

// Prerelease reports whether the version is a snapshot or a release candidate, such as 0.3.0-rc-2026-03-15.
func (id InterfaceID) Prerelease() bool {
	v, _ := semver.Parse(id.Version)
	return v.Pre != ""
}

// interfaceName returns the name of an interface without its version, without judging it.
func interfaceName(id string) string {
	name, _, _ := strings.Cut(id, "@")
	return name
}

// isLabel reports whether s is words joined by "-", each of letters of one case and digits, that starts with a letter.
func isLabel(s string) bool {
	first := true
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || first && !isLetter(word[0]) {
			return false
		}
		first = false
		var lower, upper bool
		for i := 0; i < len(word); i++ {
			switch c := word[i]; {
			case 'a' <= c && c <= 'z':
				lower = true
			case 'A' <= c && c <= 'Z':
				upper = true
			case !isDigit(c):
				return false
			}
		}
		if lower && upper {
			return false
		}
	}
	return true
}
