package manifest

import (
	"fmt"
	"io"
	"io/fs"

	"github.com/spinhost/spin/internal/tomltree"
)

// Options say how to read a manifest.
type Options struct {
	// Profile is the build profile to apply to the components; empty for none.
	Profile string

	// Position, if not nil, gives the place to name for a place in the text, for text that was
	// made of something else. It is called for each key and value.
	Position func(Position) Position
}

// Load reads a manifest out of a file system. Errors in the text are as those of
// [Parse]; others wrap the error of the file system. opts may be nil.
func Load(fsys fs.FS, name string, opts *Options) (*Manifest, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, fmt.Errorf("manifest: %w", err)
	}
	defer f.Close()
	// One byte more than the limit lets Parse see that it is exceeded.
	data, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("manifest: read %s: %w", name, err)
	}
	return Parse(name, data, opts)
}

// Parse reads the text of a manifest of version 1 or 2. The name stands for the file in
// positions. The error is [Errors] and has every fault that could be found, with
// position and remedy. Parse keeps no reference to data; opts may be nil.
func Parse(name string, data []byte, opts *Options) (*Manifest, error) {
	if opts == nil {
		opts = &Options{}
	}
	root, fault := tomltree.Parse(name, data, tomltree.Options{
		What: "manifest", MaxSize: maxSize, MaxNodes: maxNodes, MaxDepth: maxDepth, Position: opts.Position,
	})
	if fault != nil {
		return nil, Errors{unreadable(fault)}
	}
	c := &collector{}
	m := &Manifest{File: name}
	switch m.Version = formatVersion(c, root); m.Version {
	case 1:
		m.parse1(section{c, root, ""}, *opts)
	case 2:
		m.parse2(section{c, root, ""}, *opts)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	m.Warnings = c.sortedWarnings()
	return m, nil
}

// unreadable is the fault of text that is no document.
func unreadable(fault *tomltree.Error) *Error {
	cause := ErrSyntax
	if fault.Limit {
		cause = ErrLimit
	}
	return &Error{File: fault.Pos.File, Line: fault.Pos.Line, Column: fault.Pos.Column, Msg: fault.Msg, Err: cause}
}

var rootKeys = []keyRule{
	{name: versionKey},
	{name: "application"},
	{name: "trigger"},
	{name: "component"},
	{name: "variables"},
	{name: oldVersionKey, instead: "write spin_manifest_version = 2"},
	{name: "name", instead: "write it below [application]"},
	{name: "version", instead: "write it below [application]"},
	{name: "description", instead: "write it below [application]"},
	{name: "authors", instead: "write it below [application]"},
}

func (m *Manifest) parse2(s section, opts Options) {
	s.check(rootKeys)
	s.require("application", s.table.Pos, `add the table [application] with a line such as name = "my-app"`)
	s.require("trigger", s.table.Pos, "add a [[trigger.http]] table for each route, or an empty [trigger] table")
	if app, ok := s.subsection("application"); ok {
		m.Application = parseApplication(app)
	}
	m.Variables = s.variables()
	defs := newDefinitions(s.collector)
	if components, ok := s.subsection("component"); ok {
		defs.addTables(components)
	}
	if triggers, ok := s.subsection("trigger"); ok {
		m.Triggers = parseTriggers(triggers, defs)
	}
	var drafts []*draft
	for _, def := range defs.list {
		d := parseComponent2(section{s.collector, def.table, def.path}, def)
		if d.Component.Targets == nil {
			d.Component.Targets = m.Application.Targets
		}
		drafts = append(drafts, d)
	}
	assemble(s.collector, m, drafts, defs.used, opts)
}

var applicationKeys = []keyRule{
	{name: "name"}, {name: "version"}, {name: "description"}, {name: "authors"}, {name: "tool"},
	{name: "targets"}, {name: "trigger"},
}

func parseApplication(s section) Application {
	s.check(applicationKeys)
	s.require("name", s.table.Pos, `add a line such as name = "my-app"`)
	return Application{
		Name:        s.text("name"),
		Version:     s.text("version"),
		Description: s.text("description"),
		Authors:     s.texts("authors"),
		Targets:     s.targets(),
		Triggers:    s.tables("trigger"),
		Tool:        s.tables("tool"),
		Pos:         s.table.Pos,
	}
}
