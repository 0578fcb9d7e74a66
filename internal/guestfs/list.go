package guestfs

import (
	"io/fs"
	"sync"
	"unicode/utf8"
)

// listed is how many entries are read at once.
const listed = 64

// Entry is an item of a directory. "." and ".." are none.
type Entry struct {
	Name string
	Type FileType
}

// Lister reads the entries of a directory, in no particular order. It must be closed.
type Lister struct {
	mu    sync.Mutex
	dir   fs.ReadDirFile // nil when closed
	quota *Quota
	batch []fs.DirEntry
	err   error // what follows the batch
}

// ReadDir lists a directory from its beginning.
func (d *Descriptor) ReadDir() (*Lister, error) {
	dir, _, err := d.lookup(".")
	if err != nil {
		return nil, err
	}
	if err := d.quota.take(); err != nil {
		return nil, err
	}
	f, err := dir.list()
	if err != nil {
		d.quota.give()
		return nil, fault(err)
	}
	l := &Lister{dir: f, quota: d.quota}
	d.quota.keep(l)
	return l, nil
}

// Next returns the next entry, io.EOF after the last. A name that is no text is an
// IllegalByteSequence, behind which there can be further entries.
func (l *Lister) Next() (Entry, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.batch) == 0 {
		switch {
		case l.dir == nil:
			return Entry{}, BadDescriptor
		case l.err != nil:
			return Entry{}, fault(l.err)
		}
		l.batch, l.err = l.dir.ReadDir(listed)
	}
	e := l.batch[0]
	l.batch = l.batch[1:]
	if !utf8.ValidString(e.Name()) {
		return Entry{}, IllegalByteSequence
	}
	return Entry{e.Name(), typeOf(e.Type())}, nil
}

// Close ends the listing. It does not wait for a Next under way, after which the directory is
// closed.
func (l *Lister) Close() {
	if l.mu.TryLock() {
		l.close()
		return
	}
	go func() {
		l.mu.Lock()
		l.close()
	}()
}

func (l *Lister) close() {
	defer l.mu.Unlock()
	if l.dir != nil {
		_ = l.dir.Close()
		l.quota.forget(l)
		l.quota.give()
	}
	l.dir, l.batch = nil, nil
}
