package bundle

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/spinhost/spin/registry"
)

// maxCode bounds the file of a component, in bytes, as it does those that are fetched.
const maxCode = registry.DefaultMaxSize

// osFS is the operating system's files, by the names that it has for them.
type osFS struct{}

func (osFS) Open(name string) (fs.File, error)     { return os.Open(name) }
func (osFS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (osFS) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }

func (b *Bundle) isOS() bool { return b.fsys == osFS{} }

// read reads a file that the manifest names.
func (b *Bundle) read(name string) ([]byte, error) {
	full, err := b.resolve(name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(b.fsys, full)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not a regular file", full)
	case info.Size() > maxCode:
		return nil, fmt.Errorf("%s has %d bytes, at most %d are allowed", full, info.Size(), maxCode)
	}
	return fs.ReadFile(b.fsys, full)
}

// resolve returns the full name of a file that the manifest names.
func (b *Bundle) resolve(name string) (string, error) {
	if b.isOS() {
		if filepath.IsAbs(name) {
			return name, nil
		}
		return filepath.Join(b.dir, filepath.FromSlash(name)), nil
	}
	full := path.Join(b.dir, name)
	if b.locked != nil && path.IsAbs(name) {
		name = path.Clean(name[1:])
		full = name
	}
	if path.IsAbs(name) || !fs.ValidPath(full) {
		return "", errors.New("the path leads out of Config.FS")
	}
	return full, nil
}

// FS returns the folder of the manifest.
func (b *Bundle) FS() (fs.FS, error) {
	if b.isOS() {
		return os.DirFS(b.dir), nil
	}
	return fs.Sub(b.fsys, b.dir)
}

// Root returns the folder of the manifest, out of which nothing leads, and its root if it is one of
// the operating system. Both belong to the bundle.
func (b *Bundle) Root() (fs.FS, *os.Root, error) {
	if !b.isOS() {
		sub, err := fs.Sub(b.fsys, b.dir)
		return sub, nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.root == nil {
		root, err := os.OpenRoot(b.dir)
		if err != nil {
			return nil, nil, err
		}
		b.root = root
	}
	return b.root.FS(), b.root, nil
}

// OpenFolder opens a folder that the manifest names: as a root, which the caller closes, if it is
// one of the operating system, else as a file system.
func (b *Bundle) OpenFolder(name string) (fs.FS, *os.Root, error) {
	full, err := b.resolve(name)
	if err != nil {
		return nil, nil, err
	}
	info, err := fs.Stat(b.fsys, full)
	switch {
	case err != nil:
		return nil, nil, err
	case !info.IsDir():
		return nil, nil, errors.New("is no folder: put the files of a component into one, and name that")
	case b.isOS():
		root, err := os.OpenRoot(full)
		return nil, root, err
	}
	sub, err := fs.Sub(b.fsys, full)
	return sub, nil, err
}
