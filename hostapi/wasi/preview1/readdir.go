package preview1

import (
	"encoding/binary"
	"errors"
	"io"
	"sync"

	"github.com/spinhost/spin/internal/guestfs"
)

// maxWindow bounds the entries that are kept of a directory.
const maxWindow = 1024

// listing is a directory that is being listed. A cookie is the number of the entry that follows,
// "." and ".." being the first two.
type listing struct {
	mu     sync.Mutex
	dir    *guestfs.Descriptor
	lister *guestfs.Lister
	base   uint64          // number of the first entry of window
	window []guestfs.Entry // entries that were read last
	closed bool
}

// fdReaddir stores as many entries as there is room for, the last one cut off if need be: less
// than all of the room means that there are no more.
func fdReaddir(p *process, c *call) errno {
	f, e := p.onDisk(c.u32(0))
	at, size, cookie, result := c.u32(1), c.u32(2), c.u64(3), c.u32(4)
	switch {
	case e != success || !c.Check(at, size, 1):
		return e
	case !f.isDir():
		return notdir
	}
	if f.list == nil {
		f.list = &listing{dir: f.fs}
	}
	room := int(min(size, maxTransfer))
	var data []byte
	return c.later(func() (err error) {
		data, err = f.list.read(cookie, room)
		return err
	}, func(c *call) {
		copy(c.Mem()[at:at+size], data)
		c.put32(result, uint32(len(data)))
	})
}

// read returns the entries from a cookie on, as many as fit.
func (l *listing) read(cookie uint64, room int) ([]byte, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var data []byte
	for len(data) < room {
		e, err := l.entry(cookie)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		cookie++
		data = binary.LittleEndian.AppendUint64(data, cookie)
		data = binary.LittleEndian.AppendUint64(data, 0) // a number that is not known: callers ask for it
		data = binary.LittleEndian.AppendUint32(data, uint32(len(e.Name)))
		data = append(data, filetype(e.Type), 0, 0, 0)
		data = append(data, e.Name...)
	}
	return data[:min(len(data), room)], nil
}

// entry returns an entry by its number, io.EOF behind the last.
func (l *listing) entry(n uint64) (guestfs.Entry, error) {
	switch {
	case l.closed:
		return guestfs.Entry{}, guestfs.BadDescriptor
	case n < 2:
		return guestfs.Entry{Name: [...]string{".", ".."}[n], Type: guestfs.Directory}, nil
	}
	n -= 2
	if l.lister == nil || n < l.base {
		if err := l.restart(); err != nil {
			return guestfs.Entry{}, err
		}
	}
	for n-l.base >= uint64(len(l.window)) {
		e, err := l.lister.Next()
		if errors.Is(err, guestfs.IllegalByteSequence) {
			continue // a name that guests cannot have
		}
		if err != nil {
			return guestfs.Entry{}, err
		}
		if len(l.window) == maxWindow {
			l.base += maxWindow / 2
			l.window = append(l.window[:0], l.window[maxWindow/2:]...)
		}
		l.window = append(l.window, e)
	}
	return l.window[n-l.base], nil
}

func (l *listing) restart() (err error) {
	if l.lister != nil {
		l.lister.Close()
	}
	l.base, l.window = 0, nil
	l.lister, err = l.dir.ReadDir()
	return err
}

// close ends the listing; l may be nil.
func (l *listing) close() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lister != nil {
		l.lister.Close()
	}
	l.lister, l.window, l.closed = nil, nil, true
}
