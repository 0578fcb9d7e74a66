package http

import (
	"io"
	nethttp "net/http"
	"strings"
	"time"
)

// drainTime is for how long a client that has its response may go on sending the request.
const drainTime = time.Second

// inPieces reports whether the client may still be sending when the response begins. b may be
// nil.
func (b *requestBody) inPieces() bool {
	if b == nil || !b.http1 {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.ended
}

// finish says that the request is over: net/http takes the body back. answered says that the
// response was written to its end, which a Flush will send. b may be nil.
//
// In full duplex net/http relies on a body of HTTP/1 being at its end, and nobody reading it,
// when the handler returns: otherwise it panics when it finds the end itself, and takes what
// comes of the body later for a request. So the rest of the body is read as far as it may be
// waited for, and if that is not to its end the connection is closed after the response. It has
// to be closed too when a Read was cut short: net/http takes that for a client that has left,
// and tells it to all later requests of the connection.
func (b *requestBody) finish(w nethttp.ResponseWriter, answered bool) {
	if b == nil {
		return
	}
	b.slow.release()
	b.mu.Lock()
	b.over = true
	if !b.http1 || b.whole && !b.reading {
		b.mu.Unlock()
		return
	}
	var idle chan struct{}
	if b.reading {
		idle = make(chan struct{})
		b.idle = idle
	}
	left := b.left
	b.mu.Unlock()
	c := nethttp.NewResponseController(w)
	if c.SetReadDeadline(b.patience(c, answered, left)) != nil {
		return // not a connection of net/http
	}
	if idle != nil {
		<-idle
	}
	if !b.whole && (b.ended || !b.drainRest()) {
		closeAfterReply(w)
		_ = c.SetReadDeadline(time.Unix(1, 0)) // or net/http would read on before it closes
		return
	}
	_ = c.SetReadDeadline(time.Time{})
}

// patience is until when the rest of the body may come: for a while if the client is answered, or
// has said how much there is and so is about to send it. Else only what net/http has received is
// read. A client that is too slow, and may have taken the connection for one that can be used
// again, finds it closed.
func (b *requestBody) patience(c *nethttp.ResponseController, answered bool, left int64) time.Time {
	if b.expect && !b.touched || answered && c.Flush() != nil || !answered && left <= 0 {
		return time.Unix(1, 0)
	}
	return time.Now().Add(drainTime)
}

// drainRest reads the rest of the body, however much comes in time, and reports whether the end
// was reached.
func (b *requestBody) drainRest() bool {
	_, err := io.Copy(io.Discard, readerFunc(b.read))
	return err == nil
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// closeAfterReply has net/http close the connection after the response, whose head may be
// written already. Passing the limit of a MaxBytesReader is the one way to ask for that.
func closeAfterReply(w nethttp.ResponseWriter) {
	r := nethttp.MaxBytesReader(w, io.NopCloser(strings.NewReader("over")), 0)
	_, _ = r.Read(make([]byte, 4))
}
