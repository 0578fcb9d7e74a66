package http

import (
	"errors"
	"io"
	nethttp "net/http"
	"os"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// hostSource is a source that comes from the network.
type hostSource struct{ r io.ReadCloser }

func (s *hostSource) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		err = bodyCode(err)
	}
	return n, err
}

func (s *hostSource) Close() error { return s.r.Close() }

// Buffered implements source: nobody can tell.
func (s *hostSource) Buffered() bool { return false }

// bodyCode returns the code for a body that cannot be read to its end.
func bodyCode(err error) ErrorCode {
	var tooLarge *nethttp.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return p3http.ErrorCodeHTTPRequestBodySize(abi.Some(uint64(max(0, tooLarge.Limit))))
	case errors.Is(err, os.ErrDeadlineExceeded):
		return p3http.ErrorCodeConnectionReadTimeout()
	}
	return codeOf(err)
}

// hostTrailers are trailers as net/http has them once the body has ended. Names that drop names
// are left out.
type hostTrailers struct {
	get  func() nethttp.Header
	drop func(name string) bool
}

func (t *hostTrailers) poll() (*fields, error, bool) {
	h := t.get()
	if len(h) == 0 {
		return nil, nil, true
	}
	if !isWellFormed(h) {
		return nil, p3http.ErrorCodeHTTPProtocolError(), true
	}
	f := headerFields(h, t.drop, nil)
	if len(f.list) == 0 { // announced, but without values
		return nil, nil, true
	}
	return &f, nil, true
}

func (t *hostTrailers) wait() (*fields, error) {
	f, err, _ := t.poll()
	return f, err
}

func (t *hostTrailers) Close() error { return nil }

// guestReader lets a guest read a Body. done is called once, with the trailers or with why the
// message is incomplete; with neither if the guest gives the body up.
type guestReader struct {
	b      *Body
	done   func(*fields, error)
	called atomic.Bool
}

func (r *guestReader) Read(p []byte) (int, error) {
	n, err := r.b.next(p)
	switch {
	case err == io.EOF:
		r.end(r.b.trailers, nil)
	case err != nil:
		r.end(nil, err)
	}
	return n, err
}

func (r *guestReader) Close() error {
	r.end(nil, nil)
	return nil
}

func (r *guestReader) end(t *fields, err error) {
	if !r.called.Swap(true) {
		r.done(t, err)
		r.b.Finish(err)
	}
}
