package guestfs

import (
	"io/fs"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"
)

func (r *rootFolder) mkdir(p place) error {
	if p.self {
		if _, err := r.info(p, true); err != nil {
			return err
		}
		return Exist
	}
	return r.fault(r.root.Mkdir(p.host(), 0o777))
}

func (r *rootFolder) rmdir(p place) error {
	info, err := r.info(place{name: p.name, self: p.self}, false)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		return NotDirectory
	case p.self:
		return Invalid
	}
	return r.fault(r.root.Remove(p.host()))
}

// unlink looks what it is before it removes it, as os.Root removes directories too. Who puts an
// empty directory in the place between both sees that removed.
func (r *rootFolder) unlink(p place) error {
	info, err := r.info(place{name: p.name, self: p.self}, false)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return IsDirectory
	case p.dirOnly:
		return NotDirectory
	}
	return r.fault(r.root.Remove(p.host()))
}

func (r *rootFolder) symlink(target string, p place) error {
	if p.self {
		return Exist
	}
	if p.dirOnly {
		return NoEntry
	}
	return r.fault(r.root.Symlink(target, p.host()))
}

func (r *rootFolder) link(p place, to *rootFolder, q place) error {
	info, err := r.info(place{name: p.name, self: p.self}, false)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return NotPermitted
	case p.dirOnly:
		return NotDirectory
	case q.self:
		return Exist
	case q.dirOnly:
		return NoEntry
	case r == to:
		return r.fault(r.root.Link(p.host(), q.host()))
	}
	return r.across(p, to, q, linkAt)
}

func (r *rootFolder) rename(p place, to *rootFolder, q place) error {
	info, err := r.info(place{name: p.name, self: p.self}, false)
	switch {
	case err != nil:
		return err
	case p.self || q.self:
		return Busy
	case (p.dirOnly || q.dirOnly) && !info.IsDir():
		return NotDirectory
	case r == to && !hasRenameAt:
		return r.fault(r.root.Rename(p.host(), q.host()))
	}
	return r.across(p, to, q, renameAt) // takes empty directories for a place, as os.Root does not
}

// across does something to names in two folders, each of which is found within its own root.
func (r *rootFolder) across(p place, to *rootFolder, q place, do func(from int, name string, to int, newName string) error) error {
	from, err := r.root.OpenFile(filepath.FromSlash(p.parent()), onlyFolders, 0)
	if err != nil {
		return r.fault(err)
	}
	defer from.Close()
	dir, err := to.root.OpenFile(filepath.FromSlash(q.parent()), onlyFolders, 0)
	if err != nil {
		return to.fault(err)
	}
	defer dir.Close()
	return fault(do(int(from.Fd()), p.base(), int(dir.Fd()), q.base()))
}

func (r *rootFolder) setTimesAt(p place, follow bool, accessed, modified time.Time) error {
	info, err := r.info(p, follow)
	switch {
	case err != nil:
		return err
	case accessed.IsZero() && modified.IsZero():
		return nil
	case info.Mode()&fs.ModeSymlink == 0:
		return r.fault(r.root.Chtimes(p.host(), accessed, modified))
	}
	dir, err := r.root.OpenFile(filepath.FromSlash(p.parent()), onlyFolders, 0)
	if err != nil {
		return r.fault(err)
	}
	defer dir.Close()
	return fault(setLinkTimes(int(dir.Fd()), p.base(), accessed, modified))
}

func (r *rootFolder) sync() error {
	f, err := r.root.Open(".")
	if err != nil {
		return r.fault(err)
	}
	defer f.Close()
	return f.Sync()
}

// checkTarget returns the target of a symbolic link as the operating system has it.
func checkTarget(target string) (string, error) {
	switch {
	case target == "":
		return "", NoEntry
	case len(target) > MaxPath:
		return "", NameTooLong
	case !utf8.ValidString(target):
		return "", IllegalByteSequence
	case strings.IndexByte(target, 0) >= 0:
		return "", Invalid
	case target[0] == '/':
		return "", NotPermitted
	}
	for part := range strings.SplitSeq(target, "/") {
		if part != "" && part != "." && part != ".." && !plainName(part) {
			return "", NoEntry
		}
	}
	return filepath.FromSlash(target), nil
}

// guestTarget returns the target of a symbolic link as a guest may see it.
func guestTarget(target string) (string, error) {
	switch {
	case target == "":
		return "", IO
	case !utf8.ValidString(target):
		return "", IllegalByteSequence
	case target[0] == '/', filepath.IsAbs(target), filepath.VolumeName(target) != "":
		return "", NotPermitted
	}
	return filepath.ToSlash(target), nil
}
