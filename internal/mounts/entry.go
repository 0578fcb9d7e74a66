package mounts

import (
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/wording"
)

// Position is where an entry is written. It is only passed on, to errors.
type Position = capability.Position

// Entry is one item of files.
type Entry struct {
	Source      string // of a plain string: the string
	Destination string // guest path; only of a table
	Table       bool   // written as { source, destination }
	Pos         Position
}

// Exclude is one item of exclude_files.
type Exclude struct {
	Pattern string
	Pos     Position
}

// Spec is what a component says about its files.
type Spec struct {
	Files   []Entry
	Exclude []Exclude
}

// Bounds on one component. They are far above what people have.
const (
	maxEntries = 4096
	maxPath    = 4096 // bytes
	maxFiles   = 1 << 17
	maxVisited = 1 << 18 // names in folders that were looked at
	linkVisits = 8       // that a symbolic link counts as: links multiply folders
	maxDepth   = 128     // folders within each other
	maxLinks   = 40      // symbolic links on the way to one file
)

// checkSource returns the source in its short form, or what is wrong with it.
func checkSource(e Entry) (string, *Error) {
	parts := strings.Split(e.Source, "/")
	fault := e.fault(ErrEscape, "", "")
	switch {
	case e.Source == "":
		fault.Err, fault.Reason, fault.Fix = ErrPath, "is empty", "write the name of a file or a folder"
	case len(e.Source) > maxPath:
		fault.Err, fault.Reason = ErrLimit, "is too long"
	case !utf8.ValidString(e.Source) || strings.ContainsRune(e.Source, 0):
		fault.Err, fault.Reason, fault.Fix = ErrPath, "has a character that no path has", "write the name of a file or a folder"
	case parts[0] == "", filepath.IsAbs(e.Source), filepath.VolumeName(e.Source) != "":
		fault.Reason, fault.Fix = "is an absolute path", "write it relative to the folder of the manifest"
	case slices.Contains(parts, ".."):
		fault.Reason, fault.Fix = `has the part ".."`, "name files below the folder of the manifest"
	case e.Table:
		return path.Clean(e.Source), nil
	case path.Clean(e.Source) == ".":
		fault.Err, fault.Reason, fault.Fix = ErrPath, "is the whole folder of the manifest",
			`name what the component needs, or write { source = ".", destination = "/" }`
	case parts[len(parts)-1] == ".":
		fault.Err, fault.Reason, fault.Fix = ErrPath, `ends in "/."`, "write "+wording.Quote(path.Clean(e.Source))
	default:
		return path.Clean(e.Source), nil
	}
	return "", fault
}

// checkDestination returns the guest path of a table as a path of package fs, or
// what is wrong with it.
func checkDestination(e Entry, forFile bool) (string, *Error) {
	parts := strings.Split(e.Destination, "/")
	fault := e.fault(ErrDestination, "", "")
	short := path.Clean(strings.TrimLeft(e.Destination, "/"))
	switch last := parts[len(parts)-1]; {
	case len(e.Destination) > maxPath:
		fault.Err, fault.Reason = ErrLimit, "has a destination that is too long"
	case !utf8.ValidString(e.Destination) || strings.ContainsRune(e.Destination, 0):
		fault.Reason, fault.Fix = "has a destination with a character that no path has", "write a path such as /static"
	case slices.Contains(parts, ".."):
		fault.Reason, fault.Fix = `has a destination with the part ".."`, "write a path such as /static"
	case forFile && (last == "" || last == "."):
		fault.Reason = "is a file, and the destination " + wording.Quote(e.Destination) + " is a folder"
		fault.Fix = "write the name of the file too, destination = " + wording.Quote(path.Join("/", short, path.Base(e.Source)))
	default:
		return short, nil
	}
	return "", fault
}
