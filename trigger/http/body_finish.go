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
// comes of the body later for a request. So a Read under way is ended and waited for, the rest
// of the body is read as far as it may be waited for, and if that is not to its end the
// connection is closed after the response.
func (b *requestBody) finish(w nethttp.ResponseWriter, answered bool) {
	if b == nil {
		return
	}
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
	b.mu.Unlock()
	c := nethttp.NewResponseController(w)
	if c.SetReadDeadline(longAgo) != nil {
		return // not a connection of net/http
	}
	if idle != nil {
		<-idle
	}
	if !b.whole && !b.drainRest(c, answered) {
		closeAfterReply(w)
	}
	_ = c.SetReadDeadline(time.Time{})
}

var longAgo = time.Unix(1, 0)

// drainRest reads the rest of the body: for a while if the client is answered, or has said how
// much there is and so is about to send it, else only what net/http has received. It reports
// whether the end was reached. Else the client, which may have taken the connection for one that
// can be used again, finds it closed.
func (b *requestBody) drainRest(c *nethttp.ResponseController, answered bool) bool {
	if b.left > maxDrain || b.expect && !b.touched {
		return false
	}
	if answered && c.Flush() != nil {
		return false
	}
	if (answered || b.left > 0) && c.SetReadDeadline(time.Now().Add(drainTime)) != nil {
		return false
	}
	n, err := io.Copy(io.Discard, io.LimitReader(readerFunc(b.read), maxDrain+1))
	return err == nil && n <= maxDrain
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// closeAfterReply has net/http close the connection after the response, whose head may be
// written already. Passing the limit of a MaxBytesReader is the one way to ask for that.
func closeAfterReply(w nethttp.ResponseWriter) {
	r := nethttp.MaxBytesReader(w, io.NopCloser(strings.NewReader("over")), 0)
	_, _ = r.Read(make([]byte, 4))
}
