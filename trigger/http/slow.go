package http

import (
	"cmp"
	"io"
	nethttp "net/http"
	"os"
	"sync"
	"time"

	"github.com/spinhost/spin/internal/alarm"
)

// Limits of slow clients that are not configured.
const (
	defaultBodyTime  = time.Minute
	defaultWriteTime = time.Minute
	// minRate is how many bytes of a body have to come in a second, in the long run.
	minRate = 240
	// atOnce is how many bytes a client has Config.WriteTime for.
	atOnce = 64 << 10
)

// bound ends a Read or a Write of a client's that takes too long.
type bound struct {
	fail func(time.Time) error // sets the deadline of what is to fail; nil bounds nothing

	mu     sync.Mutex
	alarm  alarm.Alarm
	until  time.Time // zero if nothing is bounded
	passed bool
	lifted bool
}

// start says that what begins now may take so long.
func (b *bound) start(d time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lifted || b.fail == nil {
		return
	}
	b.until = time.Now().Add(d)
	b.alarm.Set(b.until, b)
}

// stop says that it has ended, and reports whether that was too late. The alarm is left for what
// begins next.
func (b *bound) stop() (late bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.until = time.Time{}
	return b.passed
}

// lift says that nothing is bounded any more. No deadline is set when it has returned.
func (b *bound) lift() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lifted, b.until = true, time.Time{}
	b.alarm.Stop()
}

// Expire implements alarm.Expirer. It holds the lock while it sets the deadline, since that cannot be
// done any more when the handler has returned.
func (b *bound) Expire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.alarm.Due(b.until, b) {
		b.passed = true
		_ = b.fail(time.Unix(1, 0))
	}
}

// slowReader reads a body for as long as the client makes progress.
type slowReader struct {
	io.ReadCloser
	most  time.Duration // for which nothing may come
	bound bound

	waited time.Duration
	got    int64
}

// newSlowReader bounds what r may take; most below 0 is no bound.
func newSlowReader(w nethttp.ResponseWriter, r io.ReadCloser, most time.Duration) *slowReader {
	s := &slowReader{ReadCloser: r, most: most}
	if c := deadlines(w); c != nil && most >= 0 {
		s.bound.fail = c.SetReadDeadline
	}
	return s
}

// Read implements io.Reader. When the client is too slow the error is os.ErrDeadlineExceeded.
func (s *slowReader) Read(p []byte) (int, error) {
	begin := time.Now()
	s.bound.start(s.left())
	n, err := s.ReadCloser.Read(p)
	late := s.bound.stop()
	s.waited += time.Since(begin)
	s.got += int64(n)
	if late && err != io.EOF {
		err = os.ErrDeadlineExceeded
	}
	return n, err
}

// left is how long the next Read may take: who sends a byte now and then has only so long in all.
func (s *slowReader) left() time.Duration {
	earned := time.Duration(min(s.got/minRate, 1e9)) * time.Second
	return max(1, min(s.most, s.most+earned-s.waited))
}

// release lifts the bound: nobody waits for the body who has not answered. s may be nil.
func (s *slowReader) release() {
	if s != nil {
		s.bound.lift()
	}
}

// late reports whether the client was too slow. s may be nil.
func (s *slowReader) late() bool {
	if s == nil {
		return false
	}
	s.bound.mu.Lock()
	defer s.bound.mu.Unlock()
	return s.bound.passed
}

// slowWriter writes a response for as long as the client takes it.
type slowWriter struct {
	w     nethttp.ResponseWriter
	most  time.Duration
	bound bound
}

// newSlowWriter bounds what w may take for a piece; most below 0 is no bound.
func newSlowWriter(w nethttp.ResponseWriter, most time.Duration) *slowWriter {
	s := &slowWriter{w: w, most: most}
	if c := deadlines(w); c != nil && most >= 0 {
		s.bound.fail = c.SetWriteDeadline
	}
	return s
}

// Write implements io.Writer.
func (s *slowWriter) Write(p []byte) (n int, err error) {
	for {
		k := min(len(p)-n, atOnce)
		s.bound.start(s.most)
		k, err = s.w.Write(p[n : n+k])
		s.bound.stop()
		if n += k; err != nil || n == len(p) {
			return n, err
		}
	}
}

// writeBody writes a whole body.
func (s *Server) writeBody(w nethttp.ResponseWriter, body []byte) error {
	if len(body) <= netHTTPBuffer {
		_, err := w.Write(body) // it does not wait
		return err
	}
	out := newSlowWriter(w, s.writeTime())
	defer out.done()
	_, err := out.Write(body)
	return err
}

// done is to be called when nothing more is written.
func (s *slowWriter) done() { s.bound.lift() }

// flush sends what was written.
func (s *slowWriter) flush() error {
	s.bound.start(s.most)
	defer s.bound.stop()
	return flush(s.w)
}

func (s *Server) bodyTime() time.Duration  { return cmp.Or(s.cfg.BodyTime, defaultBodyTime) }
func (s *Server) writeTime() time.Duration { return cmp.Or(s.cfg.WriteTime, defaultWriteTime) }

// boundRest bounds what net/http does with a response when its handler has returned: it sends what
// it still holds. It lifts the bound when that is done. A server with a WriteTimeout has its own.
func (s *Server) boundRest(w nethttp.ResponseWriter, r *nethttp.Request) {
	most := s.writeTime()
	server, _ := r.Context().Value(nethttp.ServerContextKey).(*nethttp.Server)
	if most < 0 || server != nil && server.WriteTimeout > 0 {
		return
	}
	if c := deadlines(w); c != nil {
		_ = c.SetWriteDeadline(time.Now().Add(most))
	}
}

// deadliner is the ResponseWriter of a connection.
type deadliner interface {
	SetReadDeadline(time.Time) error
	SetWriteDeadline(time.Time) error
}

// deadlines finds it among those that wrap it; nil if there is none. A ResponseController would
// only tell when it is too late.
func deadlines(w nethttp.ResponseWriter) deadliner {
	for {
		switch c := w.(type) {
		case deadliner:
			return c
		case interface{ Unwrap() nethttp.ResponseWriter }:
			w = c.Unwrap()
		default:
			return nil
		}
	}
}
