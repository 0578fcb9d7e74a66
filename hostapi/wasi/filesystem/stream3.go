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

// reportingReader is a reader that tells how it ended, having closed first: a guest that knows of
// the end can open another in its place.
type reportingReader struct {
	*reader
	end *abi.Promise[outcome]
}

// Read implements io.Reader.
func (r *reportingReader) Read(p []byte) (int, error) {
	n, err := r.reader.Read(p)
	if err != nil {
		r.reader.Close()
		r.end.Resolve(endOf(err))
	}
	return n, err
}

// Close implements io.Closer. A guest that has read enough sees no error.
func (r *reportingReader) Close() error {
	r.reader.Close()
	r.end.Resolve(outcome{})
	return nil
}

// endOf returns what a guest is told of the end of a stream that it reads.
func endOf(err error) outcome {
	if err == io.EOF {
		return outcome{}
	}
	return outcomeOf(err)
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

// entries3 lists a directory as the guest reads. It has a descriptor of its own, closed before the
// guest is told of the end.
type entries3 struct {
	d   *guestfs.Descriptor
	end *abi.Promise[outcome]

	mu sync.Mutex
	l  *guestfs.Lister // nil before the first entry
}

// Next implements abi.Elements.
func (s *entries3) Next(context.Context) (e p3fs.DirectoryEntry, err error) {
	next, err := s.next()
	if err != nil {
		s.release()
		s.end.Resolve(endOf(err))
		return e, err
	}
	return p3fs.DirectoryEntry{Type: type3(next.Type), Name: next.Name}, nil
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
	s.release()
	s.end.Resolve(outcome{})
	return nil
}

func (s *entries3) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.l != nil {
		s.l.Close()
	}
	s.d.Close()
}
