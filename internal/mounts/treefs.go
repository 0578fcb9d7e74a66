package mounts

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

var (
	_ fs.StatFS     = (*Tree)(nil)
	_ fs.ReadDirFS  = (*Tree)(nil)
	_ fs.ReadFileFS = (*Tree)(nil)
)

// Open opens a file or a folder. Files are io.ReaderAt and io.Seeker if those of
// the app's folder are.
func (t *Tree) Open(name string) (fs.File, error) {
	n, err := t.find("open", name)
	if err != nil {
		return nil, err
	}
	if n.isDir() {
		return &openFolder{folderInfo{path.Base(name)}, name, t.list(n)}, nil
	}
	f, err := t.app.Open(n.real)
	if err != nil {
		return nil, failed("open", name, err)
	}
	opened := &openFile{f, path.Base(name)}
	if r, ok := f.(randomAccess); ok {
		return &openRandom{opened, r}, nil
	}
	return opened, nil
}

// Stat describes a file or a folder.
func (t *Tree) Stat(name string) (fs.FileInfo, error) {
	n, err := t.find("stat", name)
	if err != nil {
		return nil, err
	}
	info, err := t.info(n, path.Base(name))
	if err != nil {
		return nil, failed("stat", name, err)
	}
	return info, nil
}

// ReadFile reads a whole file.
func (t *Tree) ReadFile(name string) ([]byte, error) {
	n, err := t.find("readfile", name)
	if err != nil {
		return nil, err
	}
	if n.isDir() {
		return nil, &fs.PathError{Op: "readfile", Path: name, Err: fs.ErrInvalid}
	}
	data, err := fs.ReadFile(t.app, n.real)
	if err != nil {
		return nil, failed("readfile", name, err)
	}
	return data, nil
}

// ReadDir lists a folder, sorted by name.
func (t *Tree) ReadDir(name string) ([]fs.DirEntry, error) {
	n, err := t.find("readdir", name)
	if err != nil {
		return nil, err
	}
	if !n.isDir() {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrInvalid}
	}
	return t.list(n), nil
}

func (t *Tree) info(n *node, name string) (fs.FileInfo, error) {
	if n.isDir() {
		return folderInfo{name}, nil
	}
	info, err := fs.Stat(t.app, n.real)
	if err != nil {
		return nil, err
	}
	return fileInfo{info, name}, nil
}

func (t *Tree) list(dir *node) []fs.DirEntry {
	list := make([]fs.DirEntry, 0, len(dir.children))
	for name, n := range dir.children {
		list = append(list, &entry{t, n, name})
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// failed gives an error of the app's folder the path that the guest knows.
func failed(op, name string, err error) error {
	return &fs.PathError{Op: op, Path: name, Err: plain(err)}
}
