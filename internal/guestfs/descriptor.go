package guestfs

import (
	"io"
	"math"
	"sync/atomic"
)

// Descriptor is an open file or directory of a guest. It is to be closed, if by no other then by
// its Quota.
type Descriptor struct {
	volume *Volume
	quota  *Quota
	read   bool
	write  bool // of a directory: what is in it
	handle *handle
	closed atomic.Bool
}

// handle is what descriptors share that come of one by Dup.
type handle struct {
	object
	refs    atomic.Int32
	release func()
}

// OpenOptions says how to open. The zero value opens for reading, and no symbolic link.
type OpenOptions struct {
	Follow    bool // go on where a symbolic link at the end of the path leads
	Create    bool // make a file if there is none
	Directory bool // fail unless it is a directory
	Exclusive bool // with Create: fail if it exists
	Truncate  bool // make the file empty
	Read      bool // also without Write
	Write     bool // only for files
	Sync      bool // with every write; no volume has that
}

// changes reports whether only a writable volume can be opened so.
func (o OpenOptions) changes() bool { return o.Create || o.Truncate || o.Write }

// OpenAt opens a file or directory below a directory.
func (d *Descriptor) OpenAt(path string, o OpenOptions) (*Descriptor, error) {
	dir, p, err := d.lookup(path)
	switch {
	case err != nil:
		return nil, err
	case o.Directory && (o.Create || o.Exclusive || o.Truncate):
		return nil, Invalid
	case o.changes() && !d.volume.writable:
		return nil, NotPermitted
	case o.Sync:
		return nil, Unsupported
	}
	if err := d.quota.take(); err != nil {
		return nil, err
	}
	opened, err := dir.open(p, o)
	if err != nil {
		d.quota.give()
		return nil, fault(err)
	}
	h := &handle{object: opened, release: func() {
		opened.close()
		d.quota.give()
	}}
	h.refs.Store(1)
	n := &Descriptor{volume: d.volume, quota: d.quota, read: o.Read || !o.Write, write: o.Write, handle: h}
	if n.IsDir() {
		n.read, n.write = true, d.volume.writable
	}
	d.quota.keep(n)
	return n, nil
}

// Dup returns another descriptor of what is open. It does not count, and no Quota closes it: it
// must be closed.
func (d *Descriptor) Dup() (*Descriptor, error) {
	for {
		n := d.handle.refs.Load()
		if n == 0 || d.closed.Load() {
			return nil, BadDescriptor
		}
		if d.handle.refs.CompareAndSwap(n, n+1) {
			return &Descriptor{volume: d.volume, quota: d.quota, read: d.read, write: d.write, handle: d.handle}, nil
		}
	}
}

// Close closes the descriptor. Operations under way may end with an error.
func (d *Descriptor) Close() {
	if d.closed.Swap(true) {
		return
	}
	d.quota.forget(d)
	if d.handle.refs.Add(-1) == 0 {
		d.handle.release()
	}
}

// CanRead reports whether the descriptor was opened for reading, as directories always are.
func (d *Descriptor) CanRead() bool { return d.read }

// CanWrite reports whether a file was opened for writing, and of a directory whether what is in it
// can be changed.
func (d *Descriptor) CanWrite() bool { return d.write }

// IsDir reports whether it is a directory.
func (d *Descriptor) IsDir() bool {
	_, ok := d.handle.object.(folder)
	return ok
}

// ReadAt reads from a place in a file. Less than all of p, and io.EOF, come at its end.
func (d *Descriptor) ReadAt(p []byte, offset uint64) (int, error) {
	f, err := d.file()
	switch {
	case err != nil:
		return 0, err
	case !d.read:
		return 0, BadDescriptor
	case offset > math.MaxInt64-uint64(len(p)):
		return 0, Invalid
	case len(p) == 0:
		return 0, nil
	}
	n, err := f.readAt(p, int64(offset))
	if n == len(p) && err == io.EOF {
		err = nil
	}
	return n, fault(err)
}

// Stat describes the file or directory.
func (d *Descriptor) Stat() (Stat, error) {
	if d.closed.Load() {
		return Stat{}, BadDescriptor
	}
	s, err := d.handle.stat()
	return s, fault(err)
}

// StatAt describes what is at a path; follow goes on where a symbolic link at its end leads.
func (d *Descriptor) StatAt(path string, follow bool) (Stat, error) {
	dir, p, err := d.lookup(path)
	if err != nil {
		return Stat{}, err
	}
	s, err := dir.statAt(p, follow)
	return s, fault(err)
}

// SameObject reports whether both stand for the same file or directory.
func (d *Descriptor) SameObject(other *Descriptor) bool {
	a, err := d.Stat()
	if err != nil {
		return false
	}
	b, err := other.Stat()
	return err == nil && a.id == b.id
}

// ReadlinkAt returns where a symbolic link leads. Links to absolute paths, which would tell about
// the host, are NotPermitted.
func (d *Descriptor) ReadlinkAt(path string) (string, error) {
	dir, p, err := d.lookup(path)
	if err != nil {
		return "", err
	}
	target, err := dir.readlink(p)
	if err != nil {
		return "", fault(err)
	}
	return guestTarget(target)
}

// Advise takes note of how a part of a file is going to be used, which changes nothing.
func (d *Descriptor) Advise(offset, length uint64) error {
	if _, err := d.file(); err != nil {
		return err
	}
	if offset > math.MaxInt64 || length > math.MaxInt64 {
		return Invalid
	}
	return nil
}

// file returns the file that is open.
func (d *Descriptor) file() (file, error) {
	f, ok := d.handle.object.(file)
	switch {
	case d.closed.Load():
		return nil, BadDescriptor
	case !ok:
		return nil, BadDescriptor
	}
	return f, nil
}

// lookup returns the directory, and a path below it.
func (d *Descriptor) lookup(path string) (folder, place, error) {
	dir, ok := d.handle.object.(folder)
	switch {
	case d.closed.Load():
		return nil, place{}, BadDescriptor
	case !ok:
		return nil, place{}, NotDirectory
	}
	p, err := parse(path)
	return dir, p, err
}
