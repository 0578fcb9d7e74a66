package guestfs

import (
	"math"
	"time"
)

// maxTime bounds times, in seconds from 1970 on: what has nanoseconds in 64 bits.
const maxTime = math.MaxInt64 / int64(time.Second)

// WriteAt writes to a place in a file, and extends the file if need be.
func (d *Descriptor) WriteAt(p []byte, offset uint64) (int, error) {
	f, err := d.writable()
	switch {
	case err != nil:
		return 0, err
	case offset > math.MaxInt64-uint64(len(p)):
		return 0, FileTooLarge
	}
	n, err := f.f.WriteAt(p, int64(offset))
	return n, fault(err)
}

// Append writes at the end of a file, wherever others have moved it.
func (d *Descriptor) Append(p []byte) (int, error) {
	f, err := d.writable()
	if err != nil {
		return 0, err
	}
	d.volume.appending.Lock()
	defer d.volume.appending.Unlock()
	info, err := f.f.Stat()
	if err != nil {
		return 0, fault(err)
	}
	n, err := f.f.WriteAt(p, info.Size())
	return n, fault(err)
}

// SetSize cuts a file, or extends it with zeros.
func (d *Descriptor) SetSize(size uint64) error {
	f, err := d.writable()
	switch {
	case err != nil:
		return err
	case size > math.MaxInt64:
		return FileTooLarge
	}
	return fault(f.f.Truncate(int64(size)))
}

// Sync waits until what was written is on the disk.
func (d *Descriptor) Sync() error {
	switch o := d.handle.object.(type) {
	case interface{ sync() error }:
		if !d.closed.Load() {
			return fault(o.sync())
		}
		return BadDescriptor
	default:
		return nil // there is nothing that could be written
	}
}

// SetTimes sets the times of access and of modification; those that are zero stay.
func (d *Descriptor) SetTimes(accessed, modified time.Time) error {
	if err := checkTimes(accessed, modified); err != nil {
		return err
	}
	if d.IsDir() {
		return d.SetTimesAt(".", true, accessed, modified)
	}
	f, err := d.hostFile()
	if err != nil {
		return err
	}
	return fault(setTimes(f.f, accessed, modified))
}

// SetTimesAt is SetTimes for what is at a path.
func (d *Descriptor) SetTimesAt(path string, follow bool, accessed, modified time.Time) error {
	dir, p, err := d.change(path)
	if err == nil {
		err = checkTimes(accessed, modified)
	}
	if err != nil {
		return err
	}
	return fault(dir.setTimesAt(p, follow, accessed, modified))
}

// MkdirAt makes a directory.
func (d *Descriptor) MkdirAt(path string) error {
	dir, p, err := d.change(path)
	if err != nil {
		return err
	}
	return fault(dir.mkdir(p))
}

// RmdirAt removes an empty directory.
func (d *Descriptor) RmdirAt(path string) error {
	dir, p, err := d.change(path)
	if err != nil {
		return err
	}
	return fault(dir.rmdir(p))
}

// UnlinkAt removes what is not a directory.
func (d *Descriptor) UnlinkAt(path string) error {
	dir, p, err := d.change(path)
	if err != nil {
		return err
	}
	return fault(dir.unlink(p))
}

// SymlinkAt makes a symbolic link to target at path. Only what guests could follow is taken: no
// absolute path.
func (d *Descriptor) SymlinkAt(target, path string) error {
	dir, p, err := d.change(path)
	if err == nil {
		target, err = checkTarget(target)
	}
	if err != nil {
		return err
	}
	return fault(dir.symlink(target, p))
}

// LinkAt makes a hard link at a path below to. A symbolic link is linked itself: to follow it is
// Invalid.
func (d *Descriptor) LinkAt(path string, follow bool, to *Descriptor, newPath string) error {
	return d.both(path, to, newPath, func(r *rootFolder, p place, dir *rootFolder, q place) error {
		if follow {
			return Invalid
		}
		return r.link(p, dir, q)
	})
}

// RenameAt renames a file or directory to a path below to.
func (d *Descriptor) RenameAt(path string, to *Descriptor, newPath string) error {
	return d.both(path, to, newPath, (*rootFolder).rename)
}

func (d *Descriptor) both(path string, to *Descriptor, newPath string, do func(*rootFolder, place, *rootFolder, place) error) error {
	from, p, err := d.change(path)
	if err != nil {
		return err
	}
	dir, q, err := to.change(newPath)
	if err != nil {
		return err
	}
	return fault(do(from, p, dir, q))
}

// change is lookup for what changes something.
func (d *Descriptor) change(path string) (*rootFolder, place, error) {
	dir, p, err := d.lookup(path)
	r, ok := dir.(*rootFolder)
	if err == nil && (!ok || !d.volume.writable) {
		err = NotPermitted
	}
	return r, p, err
}

// writable returns the file that is open for writing.
func (d *Descriptor) writable() (*rootFile, error) {
	f, err := d.hostFile()
	if err == nil && !d.write {
		return nil, BadDescriptor
	}
	return f, err
}

// hostFile returns the file that is open, if its volume can be changed.
func (d *Descriptor) hostFile() (*rootFile, error) {
	f, err := d.file()
	r, ok := f.(*rootFile)
	if err == nil && (!ok || !d.volume.writable) {
		return nil, NotPermitted
	}
	return r, err
}

func checkTimes(times ...time.Time) error {
	for _, t := range times {
		if s := t.Unix(); !t.IsZero() && (s >= maxTime || s <= -maxTime) {
			return Overflow
		}
	}
	return nil
}
