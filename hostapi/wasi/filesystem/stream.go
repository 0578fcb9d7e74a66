package filesystem

import (
	"io"

	"github.com/spinhost/spin/internal/guestfs"
)

// reader reads a file from a place on. It has a descriptor of its own.
type reader struct {
	d      *guestfs.Descriptor
	offset uint64
}

func newReader(d *guestfs.Descriptor, offset uint64) (*reader, error) {
	if d.IsDir() || !d.CanRead() {
		return nil, guestfs.BadDescriptor
	}
	own, err := d.Dup()
	if err != nil {
		return nil, err
	}
	return &reader{own, offset}, nil
}

// Read implements io.Reader. What is read before the end comes without it.
func (r *reader) Read(p []byte) (int, error) {
	n, err := r.d.ReadAt(p, r.offset)
	r.offset += uint64(n)
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}

// Close implements io.Closer.
func (r *reader) Close() error {
	r.d.Close()
	return nil
}

// writer writes to a file. It has a descriptor of its own.
type writer struct {
	d     *guestfs.Descriptor
	write func(*guestfs.Descriptor, []byte) (int, error)
}

// writeFrom returns how a file is written to from a place on.
func writeFrom(offset uint64) func(*guestfs.Descriptor, []byte) (int, error) {
	return func(d *guestfs.Descriptor, p []byte) (int, error) {
		n, err := d.WriteAt(p, offset)
		offset += uint64(n)
		return n, err
	}
}

func newWriter(d *guestfs.Descriptor, write func(*guestfs.Descriptor, []byte) (int, error)) (*writer, error) {
	switch {
	case d.IsDir(), !d.CanWrite():
		return nil, guestfs.BadDescriptor
	}
	own, err := d.Dup()
	if err != nil {
		return nil, err
	}
	return &writer{own, write}, nil
}

// Write implements io.Writer.
func (w *writer) Write(p []byte) (int, error) { return w.write(w.d, p) }

// Close implements io.Closer.
func (w *writer) Close() error {
	w.d.Close()
	return nil
}
