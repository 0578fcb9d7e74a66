package mounts

import (
	"io/fs"
	"path"
)

// confined is a folder out of which symbolic links cannot lead.
type confined struct {
	fsys fs.FS
}

var (
	_ fs.StatFS     = (*confined)(nil)
	_ fs.ReadDirFS  = (*confined)(nil)
	_ fs.ReadLinkFS = (*confined)(nil)
)

// real returns the path of name without symbolic links, but for the last part
// unless follow is set.
func (c *confined) real(op, name string, follow bool) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	dir, last := name, ""
	if !follow && name != "." {
		dir, last = path.Split(name)
	}
	real, info, err := resolve(c.fsys, ".", dir)
	if err == nil && last != "" && !info.IsDir() {
		err = fs.ErrNotExist
	}
	if err != nil {
		return "", failed(op, name, err)
	}
	return path.Join(real, last), nil
}

// Open opens a file or a folder. The error is [ErrEscape] if a symbolic link leads
// out.
func (c *confined) Open(name string) (fs.File, error) {
	real, err := c.real("open", name, true)
	if err != nil {
		return nil, err
	}
	return c.fsys.Open(real)
}

func (c *confined) Stat(name string) (fs.FileInfo, error) {
	real, err := c.real("stat", name, true)
	if err != nil {
		return nil, err
	}
	return fs.Lstat(c.fsys, real)
}

func (c *confined) ReadDir(name string) ([]fs.DirEntry, error) {
	real, err := c.real("readdir", name, true)
	if err != nil {
		return nil, err
	}
	return fs.ReadDir(c.fsys, real)
}

func (c *confined) Lstat(name string) (fs.FileInfo, error) {
	real, err := c.real("lstat", name, false)
	if err != nil {
		return nil, err
	}
	return fs.Lstat(c.fsys, real)
}

func (c *confined) ReadLink(name string) (string, error) {
	real, err := c.real("readlink", name, false)
	if err != nil {
		return "", err
	}
	return fs.ReadLink(c.fsys, real)
}
