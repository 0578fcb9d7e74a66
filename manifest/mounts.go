package manifest

import (
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// files reads the items of files.
func (s section) files() []FileMount {
	const want = "an array of strings and tables"
	f := s.field("files", tomltree.Array, want)
	if f == nil {
		return nil
	}
	var mounts []FileMount
	for _, item := range f.Node.Items {
		switch item.Kind {
		case tomltree.String:
			source := Text{item.Value.(string), item.Pos}
			if problem := checkPattern(source.Value); problem != "" {
				s.add(item.Pos, s.at("files"), nil, problem)
			}
			mounts = append(mounts, FileMount{Source: source, Pos: item.Pos})
		case tomltree.Table:
			mounts = append(mounts, section{s.collector, item, s.at("files")}.mount())
		default:
			s.wrongKind(item, s.at("files"), "a path, a pattern, or { source, destination }")
		}
	}
	return mounts
}

var mountKeys = []keyRule{{name: "source"}, {name: "destination"}}

// mount reads an item that says where the guest sees a file or folder.
func (s section) mount() FileMount {
	const fix = `write { source = "path", destination = "/path/in/guest" }`
	s.check(mountKeys)
	s.require("source", s.table.Pos, fix)
	s.require("destination", s.table.Pos, fix)
	mount := FileMount{Pos: s.table.Pos, Destination: &Text{Pos: s.table.Pos}}
	if f := s.field("source", tomltree.String, "a string"); f != nil {
		mount.Source = Text{f.Node.Value.(string), f.Node.Pos}
		if mount.Source.Value == "" {
			s.add(f.Node.Pos, s.at("source"), nil, "the path is empty: "+fix)
		}
	}
	if f := s.field("destination", tomltree.String, "a string"); f != nil {
		*mount.Destination = Text{f.Node.Value.(string), f.Node.Pos}
		if hasParentSegment(mount.Destination.Value) {
			s.add(f.Node.Pos, s.at("destination"), nil, `the path leads upwards with "..": write where the guest sees the files, such as "/assets"`)
		}
	}
	return mount
}

func hasParentSegment(path string) bool {
	for segment := range strings.FieldsFuncSeq(path, func(r rune) bool { return r == '/' || r == '\\' }) {
		if segment == ".." {
			return true
		}
	}
	return false
}

// checkPattern checks an item of files that is only a string: the guest would see
// a folder that has no name of its own under an unclear path.
func checkPattern(text string) string {
	last := text[strings.LastIndexByte(text, '/')+1:]
	switch {
	case text == "":
		return `the path is empty: write a path or a pattern such as "assets/**/*"`
	case last == "." || last == "..":
		return wording.Quote(text) + " has no name that the guest could see: write { source = " + wording.Quote(text) + `, destination = "/" }`
	}
	return ""
}

// warnWholeFolder warns of patterns that give a guest everything that lies beside
// the manifest, which is rarely meant.
func (s section) warnWholeFolder(mounts []FileMount) {
	for _, m := range mounts {
		if m.Destination == nil && (m.Source.Value == "*" || m.Source.Value == "**/*") {
			s.warn(m.Pos, s.at("files"), wording.Quote(m.Source.Value)+` gives the guest all files in the folder of the manifest: write a folder of its own, as in "assets/**/*"`)
		}
	}
}
