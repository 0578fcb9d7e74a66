package filesystem

import (
	"context"
	stdio "io"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi/wasi/io"
	p2fs "github.com/spinhost/spin/hostapi/wasi/p2/filesystem"
	p2io "github.com/spinhost/spin/hostapi/wasi/p2/io"
	"github.com/spinhost/spin/internal/guestfs"
)

// ReadViaStream implements the function read-via-stream.
func (d descriptor2) ReadViaStream(_ context.Context, offset uint64) (p2io.InputStream, error) {
	r, err := newReader(d.d, offset)
	if err != nil {
		return nil, error2(err)
	}
	return io.NewInputStream(r), nil
}

// WriteViaStream implements the function write-via-stream.
func (d descriptor2) WriteViaStream(_ context.Context, offset uint64) (p2io.OutputStream, error) {
	return d.output(writeFrom(offset))
}

// AppendViaStream implements the function append-via-stream.
func (d descriptor2) AppendViaStream(context.Context) (p2io.OutputStream, error) {
	return d.output((*guestfs.Descriptor).Append)
}

func (d descriptor2) output(write func(*guestfs.Descriptor, []byte) (int, error)) (p2io.OutputStream, error) {
	w, err := newWriter(d.d, write)
	if err != nil {
		return nil, error2(err)
	}
	return io.NewClosingOutputStream(w), nil
}

// ReadDirectory implements the function read-directory.
func (d descriptor2) ReadDirectory(context.Context) (p2fs.DirectoryEntryStream, error) {
	l, err := d.d.ReadDir()
	if err != nil {
		return nil, error2(err)
	}
	return entries2{l}, nil
}

// entries2 is the resource directory-entry-stream.
type entries2 struct{ l *guestfs.Lister }

var _ abi.Dropper = entries2{}

// ReadDirectoryEntry implements the function read-directory-entry.
func (s entries2) ReadDirectoryEntry(context.Context) (o abi.Option[p2fs.DirectoryEntry], _ error) {
	e, err := s.l.Next()
	switch err {
	case nil:
		return abi.Some(p2fs.DirectoryEntry{Type: type2(e.Type), Name: e.Name}), nil
	case stdio.EOF:
		return o, nil
	}
	return o, error2(err)
}

// Drop implements abi.Dropper.
func (s entries2) Drop() error {
	s.l.Close()
	return nil
}
