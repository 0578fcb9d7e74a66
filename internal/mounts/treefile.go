package mounts

import (
	"io"
	"io/fs"
	"time"
)

// entry is an item of a folder.
type entry struct {
	tree *Tree
	node *node
	name string
}

func (e *entry) Name() string               { return e.name }
func (e *entry) IsDir() bool                { return e.node.isDir() }
func (e *entry) Info() (fs.FileInfo, error) { return e.tree.info(e.node, e.name) }
func (e *entry) String() string             { return fs.FormatDirEntry(e) }
func (e *entry) Type() fs.FileMode {
	if e.IsDir() {
		return fs.ModeDir
	}
	return 0
}

// folderInfo describes a folder, which has no time of its own.
type folderInfo struct{ name string }

func (i folderInfo) Name() string       { return i.name }
func (i folderInfo) Size() int64        { return 0 }
func (i folderInfo) Mode() fs.FileMode  { return fs.ModeDir | 0o555 }
func (i folderInfo) ModTime() time.Time { return time.Time{} }
func (i folderInfo) IsDir() bool        { return true }
func (i folderInfo) Sys() any           { return nil }

// fileInfo describes a file by the name that guests see, as read-only.
type fileInfo struct {
	fs.FileInfo
	name string
}

func (i fileInfo) Name() string      { return i.name }
func (i fileInfo) Mode() fs.FileMode { return i.FileInfo.Mode().Type() | 0o444 }
func (i fileInfo) Sys() any          { return nil }

type openFile struct {
	fs.File
	name string
}

func (f *openFile) Stat() (fs.FileInfo, error) {
	info, err := f.File.Stat()
	if err != nil {
		return nil, err
	}
	return fileInfo{info, f.name}, nil
}

type randomAccess interface {
	io.ReaderAt
	io.Seeker
}

type openRandom struct {
	*openFile
	randomAccess
}

// openFolder is a folder that is being listed.
type openFolder struct {
	folderInfo
	path string
	rest []fs.DirEntry
}

func (f *openFolder) Stat() (fs.FileInfo, error) { return f.folderInfo, nil }
func (f *openFolder) Close() error               { return nil }

func (f *openFolder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: f.path, Err: fs.ErrInvalid}
}

func (f *openFolder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(f.rest)
	} else if len(f.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(f.rest))
	list := f.rest[:n:n]
	f.rest = f.rest[n:]
	return list, nil
}
