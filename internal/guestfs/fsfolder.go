package guestfs

import (
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// maxLinks bounds the symbolic links on the way to one file, as os.Root does.
const maxLinks = 8

// fsFolder is a folder of an fs.FS.
type fsFolder struct {
	fsys   fs.FS
	volume uint64
	at     string // path in fsys, without symbolic links
}

func (f *fsFolder) close() error { return nil }

func (f *fsFolder) stat() (Stat, error) { return f.statAt(place{name: "."}, true) }

func (f *fsFolder) statAt(p place, follow bool) (Stat, error) {
	at, info, err := f.find(p, follow)
	if err != nil {
		return Stat{}, err
	}
	return f.describe(at, info), nil
}

func (f *fsFolder) describe(at string, info fs.FileInfo) Stat {
	s := basicStat(info)
	s.id = identity{volume: f.volume, name: at}
	return s
}

func (f *fsFolder) open(p place, o OpenOptions) (object, error) {
	at, info, err := f.find(p, o.Follow)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return &fsFolder{f.fsys, f.volume, at}, nil
	case o.Directory:
		return nil, NotDirectory
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, Loop
	case !info.Mode().IsRegular():
		return nil, NotPermitted
	}
	opened, err := f.fsys.Open(at)
	if err != nil {
		return nil, err
	}
	return &fsFile{folder: f, at: at, f: opened}, nil
}

func (f *fsFolder) readlink(p place) (string, error) {
	at, info, err := f.find(p, false)
	switch {
	case err != nil:
		return "", err
	case info.Mode()&fs.ModeSymlink == 0:
		return "", Invalid
	}
	return fs.ReadLink(f.fsys, at)
}

func (f *fsFolder) list() (fs.ReadDirFile, error) {
	opened, err := f.fsys.Open(f.at)
	if err != nil {
		return nil, err
	}
	if dir, ok := opened.(fs.ReadDirFile); ok {
		return dir, nil
	}
	entries, err := fs.ReadDir(f.fsys, f.at)
	return &wholeList{opened, entries}, err
}

// find follows a place part by part and returns where it is in the file system, without symbolic
// links, but for the last part unless follow is set.
func (f *fsFolder) find(p place, follow bool) (string, fs.FileInfo, error) {
	follow = follow || p.dirOnly
	var at []string // below f
	info, err := fs.Lstat(f.fsys, f.at)
	links, todo := 0, strings.Split(p.name, "/")
	for len(todo) > 0 && err == nil {
		part := todo[0]
		todo = todo[1:]
		switch {
		case !info.IsDir():
			return "", nil, NotDirectory
		case part == "" || part == ".":
			continue
		case part == ".." && len(at) == 0:
			return "", nil, NotPermitted
		case part == "..":
			at = at[:len(at)-1]
			info, err = fs.Lstat(f.fsys, f.path(at))
			continue
		}
		next := f.path(append(at, part))
		if info, err = fs.Lstat(f.fsys, next); err != nil {
			break
		}
		if info.Mode()&fs.ModeSymlink == 0 || !follow && len(todo) == 0 {
			at = append(at, part)
			continue
		}
		if links++; links > maxLinks || len(todo) > MaxPath {
			return "", nil, Loop
		}
		target, readErr := fs.ReadLink(f.fsys, next)
		if err = readErr; err != nil {
			break
		}
		if path.IsAbs(target) || filepath.IsAbs(target) || filepath.VolumeName(target) != "" {
			return "", nil, NotPermitted
		}
		todo = append(strings.Split(filepath.ToSlash(target), "/"), todo...)
		info, err = fs.Lstat(f.fsys, f.path(at)) // what holds the link is a folder
	}
	switch {
	case err != nil:
		return "", nil, fault(err)
	case p.dirOnly && !info.IsDir():
		return "", nil, NotDirectory
	}
	return f.path(at), info, nil
}

func (f *fsFolder) path(below []string) string {
	return path.Join(f.at, strings.Join(below, "/"))
}

// wholeList is the listing of a folder that can only be read at once.
type wholeList struct {
	fs.File
	rest []fs.DirEntry
}

func (l *wholeList) ReadDir(n int) ([]fs.DirEntry, error) {
	if len(l.rest) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(l.rest))
	list := l.rest[:n]
	l.rest = l.rest[n:]
	return list, nil
}
