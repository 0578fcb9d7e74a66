package guestfs

import (
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// Bounds on paths, in bytes. They are those of Linux.
const (
	MaxPath = 4096
	maxName = 255
)

// place is a path as a guest gives it, without what has no meaning. Resolving it is the matter of
// the folder: nothing is known of symbolic links here.
type place struct {
	name    string // for a folder: parts with single slashes between them, "." for none
	dirOnly bool   // the path ended in a slash or in ".", and so stands for a directory
	self    bool   // the last part is not a name, but "..", or there is none
}

// parse reads a path. Each part is a name, or ".." which a folder confines.
func parse(name string) (place, error) {
	switch {
	case name == "":
		return place{}, NoEntry
	case len(name) > MaxPath:
		return place{}, NameTooLong
	case !utf8.ValidString(name):
		return place{}, IllegalByteSequence
	case strings.IndexByte(name, 0) >= 0:
		return place{}, Invalid
	case name[0] == '/':
		return place{}, NotPermitted
	}
	var parts []string
	for part := range strings.SplitSeq(name, "/") {
		switch {
		case part == "" || part == ".":
			continue
		case len(part) > maxName:
			return place{}, NameTooLong
		case part != ".." && !plainName(part):
			return place{}, NoEntry
		}
		parts = append(parts, part)
	}
	p := place{name: ".", dirOnly: name[len(name)-1] == '/' || name == "." || strings.HasSuffix(name, "/.")}
	if len(parts) == 0 {
		p.self = true
		return p, nil
	}
	p.name, p.self = strings.Join(parts, "/"), parts[len(parts)-1] == ".."
	return p, nil
}

// plainName reports whether the operating system takes a part of a path for the name of a file,
// and not for a drive, a device or several names.
func plainName(part string) bool {
	_, err := filepath.Localize(part)
	return err == nil
}

// parent returns the path of the folder that holds the last part. It is not shortened: what ".."
// leads to depends on what is a symbolic link.
func (p place) parent() string {
	if i := strings.LastIndexByte(p.name, '/'); i >= 0 {
		return p.name[:i]
	}
	return "."
}

// base returns the last part, which is a name unless p.self is set.
func (p place) base() string { return p.name[strings.LastIndexByte(p.name, '/')+1:] }

// host returns the path as the operating system writes it.
func (p place) host() string { return filepath.FromSlash(p.name) }
