package http

import (
	"io"
	"sync/atomic"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// source is where the bytes of a body come from. Close may be called during a Read, which it
// ends.
type source interface {
	io.ReadCloser
	// Buffered reports whether a Read would return at once.
	Buffered() bool
}

// trailing is where the trailers of a body come from once its bytes have ended.
type trailing interface {
	// poll returns the trailers, which may be nil, or why the message is incomplete, if that
	// is known.
	poll() (t *fields, err error, known bool)
	// wait waits for it.
	wait() (*fields, error)
	// Close gives the trailers up. It ends a wait.
	Close() error
}

// Body is the body of a message on its way through the host, with the trailers after it. What
// it yields comes from a guest or from the network; who reads it is the network or a guest.
//
// One goroutine reads a Body. Finish and Close may be called from any.
type Body struct {
	src     source                 // nil: there are no bytes
	trail   trailing               // nil: there are no trailers
	want    int64                  // as content-length says, or -1
	tooMany func(uint64) ErrorCode // the code for a body of another length

	n        int64       // bytes read
	trailers *fields     // after the end
	err      error       // why nothing more comes; io.EOF at the regular end
	ended    atomic.Bool // src has ended
	finished atomic.Bool
	report   func(error) // called once with what became of the message; may be nil
	sent     *outcome3   // the same for a guest of version 0.3; may be nil
}

// requestSize and responseSize are the codes for bodies of another length than announced.
func requestSize(n uint64) ErrorCode  { return p3http.ErrorCodeHTTPRequestBodySize(abi.Some(n)) }
func responseSize(n uint64) ErrorCode { return p3http.ErrorCodeHTTPResponseBodySize(abi.Some(n)) }

// Empty reports whether the body has neither bytes nor trailers, nor will have.
func (b *Body) Empty() bool { return b == nil || b.src == nil && b.trail == nil }

// Length returns the length that the message's sender has announced; -1 if it has not.
func (b *Body) Length() int64 { return b.want }

// Read implements io.Reader. It returns io.EOF when bytes and trailers are complete. Any other
// error is an [ErrorCode]: the message is incomplete and has to be aborted.
func (b *Body) Read(p []byte) (int, error) {
	for {
		if n, err := b.next(p); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
}

// next is Read, but returns nothing when the bytes have just ended and the trailers are not
// known yet. What is known of the end comes with the last bytes, so that nobody has to wait for it.
func (b *Body) next(p []byte) (int, error) {
	switch {
	case b.err != nil:
		return 0, b.err
	case b.ended.Load():
		return 0, b.conclude(true)
	case b.src == nil:
		b.ended.Store(true)
		if b.want > 0 {
			b.err = b.tooMany(0)
			return 0, b.err
		}
		return 0, b.conclude(false)
	}
	n, err := b.src.Read(p)
	b.n += int64(n)
	if err == nil && n > 0 && b.n == b.want && b.src.Buffered() {
		err = b.lookBeyond() // before who reads takes the message for complete
	}
	if b.want >= 0 && (b.n > b.want || err == io.EOF && b.n < b.want) {
		err = b.tooMany(uint64(b.n))
		n = 0
	}
	switch {
	case err == nil:
		return n, nil
	case err != io.EOF:
		b.err = codeOf(err)
		return n, b.err
	}
	b.ended.Store(true)
	return n, b.conclude(false)
}

// lookBeyond reads what follows the announced length: nothing should.
func (b *Body) lookBeyond() error {
	var rest [512]byte
	n, err := b.src.Read(rest[:])
	b.n += int64(n)
	return err
}

// conclude takes the trailers.
func (b *Body) conclude(wait bool) error {
	if b.trail == nil {
		b.err = io.EOF
		return b.err
	}
	t, err, known := b.trail.poll()
	if !known {
		if !wait {
			return nil
		}
		t, err = b.trail.wait()
	}
	if b.trailers, b.err = t, io.EOF; err != nil {
		b.err = codeOf(err)
	}
	return b.err
}

// buffered reports whether next would return at once.
func (b *Body) buffered() bool {
	switch {
	case b.err != nil || b.src == nil && !b.ended.Load():
		return true
	case b.ended.Load():
		_, _, known := b.trail.poll()
		return known
	}
	return b.src.Buffered()
}

// Finish says what became of the message: nil if all of it was sent, trailers included. What
// has not been read is given up. Only the first call counts.
func (b *Body) Finish(err error) {
	if b.finished.Swap(true) {
		return
	}
	if b.src != nil && !b.ended.Load() {
		b.src.Close()
	}
	if b.trail != nil {
		b.trail.Close()
	}
	if b.report != nil {
		b.report(err)
	}
	if b.sent != nil {
		b.sent.Resolve(outcome(err))
	}
}

// Seal says that the guest which writes the body has returned and will write no more. A body that
// it has not finished by then is incomplete. Guests of version 0.3 may go on: it does nothing
// to their bodies.
func (b *Body) Seal() {
	if s, ok := b.src.(pipeSource); ok {
		s.p.end(nil, p3http.ErrorCodeHTTPProtocolError())
	}
}

// Close gives the body up: the message counts as not sent.
func (b *Body) Close() error {
	var err error // made only if somebody is told
	if b.report != nil || b.sent != nil {
		err = p3http.ErrorCodeConnectionTerminated()
	}
	b.Finish(err)
	return nil
}
