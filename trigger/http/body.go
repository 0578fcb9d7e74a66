package http

import (
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"sync"
	"time"
)

// errRequestOver is why a guest cannot read the body of a request that was answered.
var errRequestOver = errors.New("request is over")

// maxDrain is how much of a body that no guest wants is read to learn whether the client is
// still there.
const maxDrain = 256 << 10

// requestBody is the body of a request as a guest reads it.
//
// net/http notices that a client of HTTP/1 has left only when the body was read to its end. If
// the guest has given the body up while the client has still to wait, the rest of it is
// therefore read here, up to maxDrain. While the guest holds a body without reading it, or when
// more than that is left, a client that leaves is noticed when the guest reads, or when the
// response is written. HTTP/2 has no such limits.
type requestBody struct {
	r      io.ReadCloser
	slow   *slowReader // bounds r until the guest has answered; may be nil
	http1  bool
	expect bool // the client waits until somebody reads

	mu      sync.Mutex
	left    int64 // bytes to come; negative if nobody knows
	drain   bool  // the client has to wait: draining makes sense
	closed  bool  // the guest has given the body up
	over    bool  // the request is over
	ended   bool  // read to its end, or an error
	whole   bool  // read to its end
	reading bool
	touched bool
	large   bool          // the guest has read up to the limit, and there is more
	broken  bool          // reading it has failed, and not because it was given up
	idle    chan struct{} // closed when nobody reads, if somebody waits for that
}

// newRequestBody returns nil for a request without body.
func newRequestBody(m *match) *requestBody {
	r := m.req
	if r.Body == nil || r.Body == nethttp.NoBody {
		return nil
	}
	return &requestBody{r: r.Body, http1: r.ProtoMajor == 1 && !m.local, expect: r.Header.Get("Expect") != "", left: r.ContentLength}
}

// Read implements io.Reader.
func (b *requestBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	if err := b.usable(); err != nil {
		b.mu.Unlock()
		return 0, err
	}
	b.reading, b.touched = true, true
	b.mu.Unlock()
	n, err := b.read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.readDone(err)
	var large *nethttp.MaxBytesError
	b.large = b.large || errors.As(err, &large)
	b.broken = b.broken || err != nil && err != io.EOF && b.usable() == nil
	if b.left > 0 {
		b.left -= int64(n)
	}
	if gone := b.usable(); gone != nil && err != io.EOF {
		b.startDrain()
		if b.slow.late() {
			return 0, err // for which it was closed
		}
		return 0, gone
	}
	return n, err
}

func (b *requestBody) usable() error {
	switch {
	case b.over:
		return errRequestOver
	case b.closed:
		return nethttp.ErrBodyReadAfterClose
	}
	return nil
}

// Close implements io.Closer: the guest does not want the rest. It does not block.
func (b *requestBody) Close() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	b.slow.release()
	b.startDrain()
	return nil
}

// mayDrain says that the client has to wait for the response. b may be nil.
func (b *requestBody) mayDrain() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drain = true
	b.startDrain()
}

// startDrain reads the rest of a body that was given up. A body that the client holds back
// until somebody reads is left alone.
func (b *requestBody) startDrain() {
	if !b.drain || !b.closed || b.over || b.ended || b.reading || b.expect && !b.touched {
		return
	}
	b.reading = true
	go func() {
		_, err := io.CopyN(io.Discard, wanted{b}, maxDrain)
		if err == errRequestOver { // finish reads on
			err = nil
		}
		b.mu.Lock()
		defer b.mu.Unlock()
		b.readDone(err)
	}()
}

// wanted reads a body until the request is over.
type wanted struct{ b *requestBody }

// Read implements io.Reader.
func (d wanted) Read(p []byte) (int, error) {
	d.b.mu.Lock()
	over := d.b.over
	d.b.mu.Unlock()
	if over {
		return 0, errRequestOver
	}
	return d.b.read(p)
}

// read reads on a goroutine that nobody watches: a body that panics must not end the process,
// and that of net/http does if it is read when it should not.
func (b *requestBody) read(p []byte) (n int, err error) {
	defer func() {
		if r := recover(); r != nil {
			n, err = 0, fmt.Errorf("body: %v", r)
		}
	}()
	return b.r.Read(p)
}

// readDone notes that nobody reads any more, and how the last Read ended.
func (b *requestBody) readDone(err error) {
	b.reading = false
	b.ended = b.ended || err != nil
	b.whole = b.whole || err == io.EOF
	if b.idle != nil {
		close(b.idle)
		b.idle = nil
	}
}

// tooLarge reports whether the guest has found the body larger than is allowed. b may be nil.
func (b *requestBody) tooLarge() bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.large
}

// malformed reports whether the guest has found the body to be none that can be read. b may be nil.
func (b *requestBody) malformed() bool {
	if b == nil {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.broken
}

// bounded bounds how long the client may take for the body, until answered is called. b may be nil.
func (b *requestBody) bounded(w nethttp.ResponseWriter, most time.Duration) {
	if b != nil {
		b.slow = newSlowReader(w, b.r, most)
		b.r = b.slow
	}
}

// answered says that the guest has responded: what client and guest say from now on is between
// them. b may be nil.
func (b *requestBody) answered() {
	if b != nil {
		b.slow.release()
	}
}

// late reports whether the client was too slow to send it. b may be nil.
func (b *requestBody) late() bool { return b != nil && b.slow.late() }

// mustClose reports whether the connection cannot be used again because of what is left of the
// body: net/http reads only so much of it after a response, and then closes the connection
// without having told the client. whole says that there is nothing to come of the response, so
// that the guest cannot read the body any more. b may be nil.
func (b *requestBody) mustClose(whole bool) bool {
	if b == nil || !b.http1 {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return (whole || b.closed) && !b.ended && (b.left < 0 || b.left > maxDrain) || b.slow.late()
}
