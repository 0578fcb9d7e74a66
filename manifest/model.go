package manifest

import (
	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/profile"
)

// Component is a [component.ID] table, or one that was written inside a trigger
// and got a generated id. What the active profile changes is applied.
type Component struct {
	ID          string
	Description string
	Source      Source

	// Variables holds, by name, what the guest sees as its variables: templates
	// over the variables of the application.
	Variables map[string]Text

	// Environment holds the environment variables that the guest sees, and no
	// others.
	Environment map[string]string

	// Files holds what the guest sees as its files. ExcludeFiles has glob
	// patterns for paths relative to the folder of the manifest: files that are
	// left out where Files names a folder or a pattern.
	Files        []FileMount
	ExcludeFiles []Text

	// AllowedOutboundHosts decides what the component may connect to. It is
	// never nil; a component without list may connect to nothing.
	AllowedOutboundHosts *capability.Hosts

	// KeyValueStores, SQLiteDatabases and AIModels hold the labels of what the
	// component may open.
	KeyValueStores  []Text
	SQLiteDatabases []Text
	AIModels        []Text

	// Dependencies holds the components that provide imports of this one, in the
	// order of the file.
	Dependencies []*Dependency

	// Targets holds what the component is meant to run on: its own list, or that
	// of the application if it has none. They have no effect when the app runs.
	Targets []Target

	// Build is nil if the component has no build table. It has no effect when
	// the app runs.
	Build *Build

	// Tool holds the tables of other programs by name. They have no effect.
	Tool map[string]*Table

	Pos Position // of the table

	table *tomltree.Node
}

// KeyPos returns the place of a key of the component, such as "files", or of a
// key further down, such as "build", "command". It goes as far down as there are
// keys, so that the result is always a place to show. Keys have the names of
// version 2 of the format.
func (c *Component) KeyPos(path ...string) Position {
	return c.table.KeyPos(c.Pos, path)
}

// FileMount is an item of the files of a component.
type FileMount struct {
	// Source is a path in the folder of the manifest. If there is no
	// Destination, it can also be a glob pattern, and the guest sees files at
	// the paths that they have in the folder of the manifest.
	Source Text

	// Destination is where the guest sees the file or folder; nil for an item
	// that is only a string.
	Destination *Text

	Pos Position
}

// Target is a host environment that a component is meant to run on: one of Name,
// URL and Path is not empty.
type Target struct {
	Name string // NAME or NAME:VERSION in the catalogue
	URL  string // of a definition
	Path string // of a definition, relative to the folder of the manifest
	Pos  Position
}

// Build is how to make a component's Wasm file.
type Build = profile.Build
