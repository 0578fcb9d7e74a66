package filesystem

import (
	"context"
	"io"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	p3fs "github.com/spinhost/spin/hostapi/wasi/p3/filesystem"
	"github.com/spinhost/spin/internal/guestfs"
)

// ReadViaStream implements the function read-via-stream.
func (d descriptor3) ReadViaStream(_ context.Context, offset uint64) (v abi.Tuple2[io.ReadCloser, *abi.Promise[outcome]], _ error) {
	v.F1 = abi.NewPromise[outcome]()
	r, err := newReader(d.d, offset)
	if err != nil {
		v.F1.Resolve(outcomeOf(err))
		return v, nil
	}
	v.F0 = &reportingReader{r, v.F1}
	return v, nil
}

// reportingReader is a reader that tells how it ended.
type reportingReader struct {
	*reader
	end *abi.Promise[outcome]
}

// Read implements io.Reader.
func (r *reportingReader) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	switch err {
	case nil:
	case io.EOF:
		r.end.Resolve(outcome{})
	default:
		r.end.Resolve(outcomeOf(err))
	}
	return n, err
}

// Close implements io.Closer. A guest that has read enough sees no error.
func (r *reportingReader) Close() error {
	r.end.Resolve(outcome{})
	return r.reader.Close()
}

// WriteViaStream implements the function write-via-stream.
func (d descriptor3) WriteViaStream(_ context.Context, data *abi.ByteReader, offset uint64) (*abi.Promise[outcome], error) {
	return d.input(data, writeFrom(offset)), nil
}

// AppendViaStream implements the function append-via-stream.
func (d descriptor3) AppendViaStream(_ context.Context, data *abi.ByteReader) (*abi.Promise[outcome], error) {
	return d.input(data, (*guestfs.Descriptor).Append), nil
}

// input copies data on a goroutine, which ends when the guest drops the stream or has ended
// itself.
func (d descriptor3) input(data *abi.ByteReader, write func(*guestfs.Descriptor, []byte) (int, error)) *abi.Promise[outcome] {
	end := abi.NewPromise[outcome]()
	w, err := newWriter(d.d, write)
	if err != nil {
		data.Close()
		end.Resolve(outcomeOf(err))
		return end
	}
	go func() {
		_, err := io.Copy(w, data)
		data.Close()
		w.Close()
		end.Resolve(outcomeOf(err))
	}()
	return end
}

// ReadDirectory implements the function read-directory.
func (d descriptor3) ReadDirectory(context.Context) (v abi.Tuple2[abi.Elements[p3fs.DirectoryEntry], *abi.Promise[outcome]], _ error) {
	v.F1 = abi.NewPromise[outcome]()
	own, err := d.d.Dup()
	if err != nil {
		v.F1.Resolve(outcomeOf(err))
		return v, nil
	}
	v.F0 = &entries3{d: own, end: v.F1}
	return v, nil
}

// entries3 lists a directory as the guest reads. It has a descriptor of its own.
type entries3 struct {
	d   *guestfs.Descriptor
	end *abi.Promise[outcome]

	mu sync.Mutex
	l  *guestfs.Lister // nil before the first entry
}

// Next implements abi.Elements.
func (s *entries3) Next(context.Context) (e p3fs.DirectoryEntry, err error) {
	next, err := s.next()
	switch err {
	case nil:
		return p3fs.DirectoryEntry{Type: type3(next.Type), Name: next.Name}, nil
	case io.EOF:
		s.end.Resolve(outcome{})
	default:
		s.end.Resolve(outcomeOf(err))
	}
	return e, err
}

func (s *entries3) next() (guestfs.Entry, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.l == nil {
		l, err := s.d.ReadDir()
		if err != nil {
			return guestfs.Entry{}, err
		}
		s.l = l
	}
	return s.l.Next()
}

// Close implements abi.Elements.
func (s *entries3) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.l != nil {
		s.l.Close()
	}
	s.d.Close()
	s.end.Resolve(outcome{})
	return nil
}
