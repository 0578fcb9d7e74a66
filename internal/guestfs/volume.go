package guestfs

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"sync"
)

// Volume is a folder that guests may see.
type Volume struct {
	top      folder
	writable bool
	close    func() error
	// appending serialises writes to the end of files, which are a look at the size and a write.
	appending sync.Mutex
}

// Mount is a Volume at a place in a guest's files.
type Mount struct {
	Path   string // as guests see it, such as / or static
	Volume *Volume
}

// FromRoot serves a folder of the operating system. The root belongs to the Volume.
func FromRoot(root *os.Root, writable bool) *Volume {
	v := &Volume{writable: writable, close: root.Close}
	_, err := root.Lstat("..") // there is no other way to get at the error
	v.top = &rootFolder{root: root, volume: v, escapes: errors.Unwrap(err)}
	return v
}

// FromFS serves a read-only file system. Files that are neither io.ReaderAt nor io.Seeker are
// read again from their beginning when a guest goes back in them.
func FromFS(fsys fs.FS) *Volume {
	var id [8]byte
	rand.Read(id[:]) // never fails
	return &Volume{
		top:   &fsFolder{fsys: fsys, volume: binary.LittleEndian.Uint64(id[:]) | 1, at: "."},
		close: func() error { return nil },
	}
}

// Writable reports whether guests can change what is in the volume.
func (v *Volume) Writable() bool { return v.writable }

// Close ends the use of the volume. Descriptors of it fail from then on, except for files that
// are open.
func (v *Volume) Close() error { return v.close() }

// Open returns the descriptor of the volume's top. All that is opened through it counts in q; it
// itself does not.
func (v *Volume) Open(q *Quota) *Descriptor {
	h := &handle{object: v.top, release: func() {}}
	h.refs.Store(1)
	return &Descriptor{volume: v, quota: q, read: true, write: v.writable, handle: h}
}

// object is an open file or folder.
type object interface {
	stat() (Stat, error)
	close() error
}

// file is an open file.
type file interface {
	object
	readAt(p []byte, offset int64) (int, error)
}

// folder is an open folder. Places are confined to it.
type folder interface {
	object
	open(p place, o OpenOptions) (object, error)
	statAt(p place, follow bool) (Stat, error)
	readlink(p place) (string, error)
	list() (fs.ReadDirFile, error)
}
