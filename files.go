package spin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spinhost/spin/manifest"
)

// maxSource bounds the file of a component, in bytes. The largest honest ones, which contain
// an interpreter and its libraries, have a tenth of it.
const maxSource = 512 << 20

// files is where a manifest and what it names are read from.
type files struct {
	fsys fs.FS
	dir  string // folder of the manifest
}

// osFS is the operating system's files, by the names that it has for them.
type osFS struct{}

func (osFS) Open(name string) (fs.File, error)     { return os.Open(name) }
func (osFS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (osFS) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }

// manifest reads the manifest and remembers its folder.
func (f *files) manifest(name string, opts *manifest.Options) (*manifest.Manifest, error) {
	dir, join := path.Dir, path.Join
	if f.fsys == (osFS{}) {
		dir, join = filepath.Dir, filepath.Join
	}
	if info, err := fs.Stat(f.fsys, name); err == nil && info.IsDir() {
		name = join(name, ManifestName)
	}
	f.dir = dir(name)
	return manifest.Load(f.fsys, name, opts)
}

// read reads a file that the manifest names.
func (f *files) read(name string) ([]byte, error) {
	full, err := f.resolve(name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(f.fsys, full)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", full)
	case info.Size() > maxSource:
		return nil, fmt.Errorf("%s has %d bytes, at most %d are allowed", full, info.Size(), maxSource)
	}
	return fs.ReadFile(f.fsys, full)
}

// resolve returns the full name of a file that the manifest names.
func (f *files) resolve(name string) (string, error) {
	if f.fsys == (osFS{}) {
		if filepath.IsAbs(name) {
			return name, nil
		}
		return filepath.Join(f.dir, filepath.FromSlash(name)), nil
	}
	full := path.Join(f.dir, name)
	if path.IsAbs(name) || !fs.ValidPath(full) {
		return "", errors.New("the path leads out of Config.FS")
	}
	return full, nil
}
