package spin

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// maxSource bounds the file of a component, in bytes. The largest honest ones, which contain
// an interpreter and its libraries, have a tenth of it.
const maxSource = 512 << 20

// files is where a manifest and what it names are read from.
type files struct {
	fsys fs.FS
	dir  string   // folder of the manifest
	root *os.Root // the same, once components have files, if it is one of the operating system

	// Of a locked app: absolute paths start at the root of fsys, and what else is known of
	// content.
	locked *lockedContent
}

// osFS is the operating system's files, by the names that it has for them.
type osFS struct{}

func (osFS) Open(name string) (fs.File, error)     { return os.Open(name) }
func (osFS) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }
func (osFS) ReadFile(name string) ([]byte, error)  { return os.ReadFile(name) }

// find returns the name of the manifest, or of the locked app in a folder that has no manifest, and
// remembers the folder.
func (f *files) find(name string) string {
	dir, join := path.Dir, path.Join
	if f.fsys == (osFS{}) {
		dir, join = filepath.Dir, filepath.Join
	}
	if info, err := fs.Stat(f.fsys, name); err == nil && info.IsDir() {
		folder := name
		name = join(folder, ManifestName)
		if _, err := fs.Stat(f.fsys, name); errors.Is(err, fs.ErrNotExist) {
			if lock := join(folder, LockName); f.exists(lock) {
				name = lock
			}
		}
	}
	f.dir = dir(name)
	return name
}

func (f *files) exists(name string) bool {
	_, err := fs.Stat(f.fsys, name)
	return err == nil
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
	if f.locked != nil && path.IsAbs(name) {
		name = path.Clean(name[1:])
		full = name
	}
	if path.IsAbs(name) || !fs.ValidPath(full) {
		return "", errors.New("the path leads out of Config.FS")
	}
	return full, nil
}
