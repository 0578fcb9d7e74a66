package mounts

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// resolve follows the symbolic links in name, which is relative to the folder dir
// that has none. It returns the path without links and what is there. The error is
// ErrEscape, ErrLink, fs.ErrNotExist, or another one of fsys.
func resolve(fsys fs.FS, dir, name string) (string, fs.FileInfo, error) {
	at, links := dir, 0
	info, err := fs.Lstat(fsys, at)
	todo := strings.Split(name, "/")
	for len(todo) > 0 && err == nil {
		part := todo[0]
		todo = todo[1:]
		switch {
		case part == "" || part == ".":
			continue
		case !info.IsDir():
			return "", nil, fs.ErrNotExist
		case part == "..":
			if at == "." {
				return "", nil, ErrEscape
			}
			at = path.Dir(at)
			info, err = fs.Lstat(fsys, at)
			continue
		}
		next := path.Join(at, part)
		if info, err = fs.Lstat(fsys, next); err != nil {
			break
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		if links++; links > maxLinks || len(todo) > maxPath {
			return "", nil, ErrLink
		}
		var target string
		if target, err = fs.ReadLink(fsys, next); err != nil {
			break
		}
		if path.IsAbs(target) || filepath.IsAbs(target) || filepath.VolumeName(target) != "" {
			return "", nil, ErrEscape
		}
		todo = append(strings.Split(filepath.ToSlash(target), "/"), todo...)
		info, err = fs.Lstat(fsys, at) // the link is no folder, what holds it is
	}
	if err != nil {
		return "", nil, plain(err)
	}
	return at, info, nil
}

// plain leaves out the path of an error, which callers name in their own terms.
func plain(err error) error {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err
	}
	return err
}
