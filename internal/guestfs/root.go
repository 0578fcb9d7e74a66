package guestfs

import (
	"errors"
	"io/fs"
	"os"
)

// rootFolder is a folder of the operating system. Paths go through os.Root, by which nothing
// leads out of the folder, and never with a slash at the end.
type rootFolder struct {
	root    *os.Root
	volume  *Volume
	escapes error // what root says of paths that lead out
}

func (r *rootFolder) close() error { return r.root.Close() }

func (r *rootFolder) stat() (Stat, error) { return r.statAt(place{name: "."}, true) }

func (r *rootFolder) statAt(p place, follow bool) (Stat, error) {
	info, err := r.info(p, follow)
	if err != nil {
		return Stat{}, err
	}
	return hostStat(info, r.root.Name()+"/"+p.name), nil
}

// info describes what is at a place, which is a directory if the place says so.
func (r *rootFolder) info(p place, follow bool) (fs.FileInfo, error) {
	describe := r.root.Lstat
	if follow || p.dirOnly {
		describe = r.root.Stat
	}
	info, err := describe(p.host())
	switch {
	case err != nil:
		return nil, r.fault(err)
	case p.dirOnly && !info.IsDir():
		return nil, NotDirectory
	}
	return info, nil
}

func (r *rootFolder) open(p place, o OpenOptions) (object, error) {
	if p.dirOnly && o.Create {
		return nil, IsDirectory
	}
	if !o.Follow && !p.dirOnly {
		switch info, err := r.info(p, false); {
		case err != nil || info.Mode()&fs.ModeSymlink == 0:
		case o.Create && o.Exclusive:
			return nil, Exist
		case o.Directory:
			return nil, NotDirectory
		default:
			return nil, Loop
		}
	}
	f, err := r.root.OpenFile(p.host(), o.hostFlags(), 0o666)
	if err != nil {
		return nil, r.fault(err)
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case info.IsDir():
		f.Close()
		return r.openFolder(p)
	case o.Directory || p.dirOnly:
		err = NotDirectory
	case !info.Mode().IsRegular():
		err = NotPermitted
	default:
		return &rootFile{f}, nil
	}
	f.Close()
	return nil, err
}

func (r *rootFolder) openFolder(p place) (object, error) {
	root, err := r.root.OpenRoot(p.host())
	if err != nil {
		return nil, r.fault(err)
	}
	return &rootFolder{root, r.volume, r.escapes}, nil
}

// hostFlags returns the flags for package os. The guest's own are kept by the descriptor.
func (o OpenOptions) hostFlags() int {
	flag := os.O_RDONLY
	switch {
	case o.Write && !o.Read:
		flag = os.O_WRONLY
	case o.Write || o.Truncate:
		flag = os.O_RDWR
	}
	if o.Create {
		flag |= os.O_CREATE
		if o.Exclusive {
			flag |= os.O_EXCL
		}
	}
	if o.Truncate {
		flag |= os.O_TRUNC
	}
	return flag | noWait
}

func (r *rootFolder) readlink(p place) (string, error) {
	if p.dirOnly || p.self {
		if _, err := r.info(p, true); err != nil {
			return "", err
		}
		return "", Invalid
	}
	target, err := r.root.Readlink(p.host())
	return target, r.fault(err)
}

func (r *rootFolder) list() (fs.ReadDirFile, error) {
	f, err := r.root.Open(".")
	return f, r.fault(err)
}

// fault returns the Errno of an error of r.root.
func (r *rootFolder) fault(err error) error {
	if err != nil && errors.Is(err, r.escapes) {
		return NotPermitted
	}
	return fault(err)
}

// rootFile is a file of the operating system.
type rootFile struct{ f *os.File }

func (f *rootFile) close() error { return f.f.Close() }
func (f *rootFile) sync() error  { return f.f.Sync() }

func (f *rootFile) stat() (Stat, error) {
	info, err := f.f.Stat()
	if err != nil {
		return Stat{}, err
	}
	return hostStat(info, f.f.Name()), nil
}

func (f *rootFile) readAt(p []byte, offset int64) (int, error) { return f.f.ReadAt(p, offset) }
