package spin

import (
	"fmt"

	"github.com/spinhost/spin/manifest"
)

// unsupported reports what a manifest asks for and this version does not serve yet: one error
// for each, with its line.
func unsupported(m *manifest.Manifest) error {
	var errs []error
	refuse := func(asked bool, component string, pos manifest.Position, key, instead string) {
		if asked {
			errs = append(errs, &Error{component, pos, fmt.Errorf("%q is %w: %s", key, ErrUnsupported, instead)})
		}
	}
	for kind, t := range m.Application.Triggers {
		refuse(len(t.Keys()) > 0 && !rootBase(kind, t), "", t.Pos(), "application.trigger."+kind, "remove it, and write the settings in each trigger")
	}
	for _, c := range m.Components {
		refuse(c.Source.URL != "", c.ID, c.Source.Pos, "source.url", "download the file and write its path")
		refuse(c.Source.Package != "", c.ID, c.Source.Pos, "source.package", "download the file and write its path")
		refuse(len(c.Files) > 0, c.ID, c.KeyPos("files"), "files", "remove it, and build the files into the component")
		for _, d := range c.Dependencies {
			refuse(d.Source.URL != "", c.ID, d.Source.Pos, "dependencies."+d.Name.String()+".url", "download the file and write its path")
			refuse(d.Source.Package != "", c.ID, d.Source.Pos, "dependencies."+d.Name.String()+".version", "download the file and write its path")
		}
	}
	for _, e := range m.Triggers {
		for _, around := range e.Dependencies {
			for _, d := range around {
				refuse(d.Source.URL+d.Source.Package != "", e.Component, d.Source.Pos, "dependencies", "download the file and write its path")
			}
		}
	}
	return join(errs)
}

// rootBase reports whether the settings of a trigger say only that all routes are below "/", as
// many manifests do from the time when they could be elsewhere.
func rootBase(kind string, t *manifest.Table) bool {
	var settings struct {
		Base string `toml:"base"`
	}
	return kind == "http" && t.Decode(&settings) == nil && settings.Base == "/"
}
