package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Source is the text of a definition, and the files that its paths lead to.
type Source struct {
	Name string // under which users know the environment
	File string // for messages
	Text []byte

	// FS has the folders with WIT that the definition names, below Dir. It is nil
	// if there are none.
	FS  fs.FS
	Dir string
}

// Catalogue finds definitions by name. Implementations are safe for concurrent use.
type Catalogue interface {
	// Find returns the definition of an environment. The version is empty if
	// whoever refers to it names none. The error wraps ErrNoEnvironment if the
	// catalogue does not have it.
	Find(ctx context.Context, name, version string) (Source, error)
}

// FSCatalogue is a catalogue of files: envs/NAME/NAME@VERSION.toml, or
// envs/NAME/NAME.toml for those without version.
func FSCatalogue(fsys fs.FS) Catalogue { return fsCatalogue{fsys} }

type fsCatalogue struct{ fsys fs.FS }

const catalogueDir = "envs"

// Find implements Catalogue.
func (c fsCatalogue) Find(_ context.Context, name, version string) (Source, error) {
	if !isFileName(name) || version != "" && !isFileName(version) {
		return Source{}, fmt.Errorf("%s is %w: write a name such as \"acme-host:1.0\"", wording.Quote(environmentID(name, version)), ErrNoEnvironment)
	}
	dir := path.Join(catalogueDir, name)
	id := name
	if version != "" {
		id += "@" + version
	}
	file := path.Join(dir, id+".toml")
	text, err := readDefinition(c.fsys, file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Source{}, c.missing(name, version)
	case err != nil:
		return Source{}, err
	}
	return Source{Name: environmentID(name, version), File: file, Text: text, FS: c.fsys, Dir: dir}, nil
}

// missing says what there is instead.
func (c fsCatalogue) missing(name, version string) error {
	err := fmt.Errorf("%s: %w in the catalogue", wording.Quote(environmentID(name, version)), ErrNoEnvironment)
	var there []string
	if entries, _ := fs.ReadDir(c.fsys, path.Join(catalogueDir, name)); len(entries) > 0 {
		for _, e := range entries {
			if id, ok := strings.CutSuffix(e.Name(), ".toml"); ok {
				there = append(there, strings.Replace(id, "@", ":", 1))
			}
		}
	} else {
		entries, _ := fs.ReadDir(c.fsys, catalogueDir)
		for _, e := range entries {
			there = append(there, e.Name())
		}
	}
	if len(there) == 0 {
		return err
	}
	slices.Sort(there)
	return fmt.Errorf("%w: write one of %s", err, quoteAll(there))
}

func environmentID(name, version string) string {
	if version == "" {
		return name
	}
	return name + ":" + version
}

// isFileName reports whether text can be a part of the name of a file, and is no way
// to another folder.
func isFileName(text string) bool {
	for i := range len(text) {
		if c := text[i]; !isLetter(c) && !isDigit(c) && !strings.ContainsRune("-_.+", rune(c)) {
			return false
		}
	}
	return text != "" && text[0] != '.' && len(text) <= wording.MaxQuoted
}

// readDefinition reads a file up to the limit of definitions and a byte, which lets
// Parse see that it is exceeded.
func readDefinition(fsys fs.FS, file string) ([]byte, error) {
	f, err := fsys.Open(file)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("target: read %s: %w", file, err)
	}
	return text, nil
}
