package manifest

import (
	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// Source says where a Wasm file is: one of Path, URL and Package is not empty.
type Source struct {
	// Path of a local file as written: relative to the folder of the manifest,
	// or absolute. Whether it exists is not checked.
	Path string

	// URL of a file, and its Digest: "sha256:" and 64 digits in lower case.
	URL    string
	Digest string

	// Package, NAMESPACE:NAME, of a registry, host or host:port, which is empty
	// for the default one. Version is that of the package; for dependencies it
	// is a requirement, such as ">=1.0, <2.0", as Cargo.toml has them.
	Registry string
	Package  string
	Version  string

	Pos Position // of the value
}

// String returns the path, the URL without its password, or the package with its version, for messages.
func (s Source) String() string {
	switch {
	case s.URL != "":
		return wording.HidePassword(s.URL)
	case s.Package != "" && s.Registry != "":
		return s.Package + "@" + s.Version + " of " + s.Registry
	case s.Package != "":
		return s.Package + "@" + s.Version
	}
	return s.Path
}

const sourceFix = `write source = "path/to/component.wasm"`

var (
	urlForm = form{name: "a URL", required: []string{"url", "digest"},
		hint: `{ url = "https://...", digest = "sha256:..." }`}
	registryForm = form{name: "a registry", required: []string{"package", "version"}, optional: []string{"registry"},
		hint: `{ registry = "example.com", package = "namespace:name", version = "1.2.3" }`}
)

// componentSource reads the source of a component.
func (s section) componentSource(pos Position) Source {
	s.require("source", pos, sourceFix)
	f := s.table.Get("source")
	if f == nil {
		return Source{}
	}
	source := Source{Pos: f.Node.Pos}
	switch f.Node.Kind {
	case tomltree.String:
		if source.Path = f.Node.Value.(string); source.Path == "" {
			s.add(f.Node.Pos, s.at("source"), nil, "the path is empty: "+sourceFix)
		}
	case tomltree.Table:
		t := section{s.collector, f.Node, s.at("source")}
		if p := f.Node.Get("path"); p != nil && len(f.Node.Fields) == 1 && p.Node.Kind == tomltree.String {
			s.add(p.Pos, t.at("path"), ErrUnknownKey, "a local source is only a string: write source = "+wording.Quote(p.Node.Value.(string)))
			break
		}
		if t.union("component", []form{urlForm, registryForm}, nil) != nil {
			t.remote(&source)
			if v := t.table.Get("version"); v != nil && v.Node.Kind == tomltree.String {
				if _, err := semver.Parse(source.Version); err != nil {
					t.add(v.Node.Pos, t.at("version"), err, err.Error())
				}
			}
		}
	default:
		s.wrongKind(f.Node, s.at("source"), "a path or a table")
	}
	return source
}
