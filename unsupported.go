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
	for _, c := range m.Components {
		refuse(len(c.Files) > 0, c.ID, c.KeyPos("files"), "files", "remove it, and build the files into the component")
	}
	return join(errs)
}
