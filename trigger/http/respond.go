package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	nethttp "net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/trigger"
)

// errCutShort says that a response was not sent to its end: the connection has to be aborted,
// so that the client can tell.
var errCutShort = errors.New("response is incomplete")

// firstPart is how much of a body is looked at before the head goes out. What is complete by
// then is sent with its length.
const firstPart = 32 << 10

var firstParts = sync.Pool{New: func() any { return new([firstPart]byte) }}

// netHTTPBuffer is the size of bodies up to which net/http finds the length by itself.
const netHTTPBuffer = 2 << 10

// empty answers without a body.
func empty(w nethttp.ResponseWriter, code int) {
	h := w.Header()
	h["Content-Length"] = []string{"0"}
	h["Content-Type"] = nil // net/http adds none
	w.WriteHeader(code)
}

// respond answers the client with what the exchange was settled on.
func (x *exchange) respond() error {
	switch {
	case x.err == errClientLeft:
		return errCutShort
	case x.err != nil:
		x.refuse(x.err)
		return nil
	}
	err := x.send(x.res)
	x.res.Body.Finish(err)
	if err != nil {
		x.task.end(err)
	}
	return err
}

// refuse answers without a guest's response.
func (x *exchange) refuse(err error) {
	code := failureStatus(x.w, err)
	switch {
	case code != nethttp.StatusInternalServerError:
	case x.body.tooLarge():
		code = nethttp.StatusRequestEntityTooLarge
	case x.body.late():
		code = nethttp.StatusRequestTimeout
	case x.body.malformed():
		code = nethttp.StatusBadRequest
	}
	if x.body.mustClose(true) {
		x.w.Header()["Connection"] = []string{"close"}
	}
	if code != nethttp.StatusRequestTimeout { // that happens to servers
		x.log(err)
	}
	empty(x.w, code)
	x.answered = true
}

// failureStatus is the status for a guest that has not responded. Clients of a busy host are told
// to come again.
func failureStatus(w nethttp.ResponseWriter, err error) int {
	if errors.Is(err, trigger.ErrBusy) {
		w.Header()["Retry-After"] = []string{"1"}
		return nethttp.StatusServiceUnavailable
	}
	return nethttp.StatusInternalServerError
}

// log reports a failure.
func (x *exchange) log(err error) { x.s.logFailure(&x.match, err) }

// logFailure reports that a request has failed.
func (s *Server) logFailure(m *match, err error) {
	s.log.LogAttrs(m.req.Context(), slog.LevelError, "request failed: "+err.Error(),
		slog.String("component", m.entry.route.Component), slog.String("route", m.entry.route.Raw))
}

// send sends a guest's response.
func (x *exchange) send(res *wasihttp.Response) error {
	x.body.answered()
	buf := firstParts.Get().(*[firstPart]byte)
	defer firstParts.Put(buf)
	bodiless := x.req.Method == nethttp.MethodHead || res.Status == nethttp.StatusNoContent || res.Status == nethttp.StatusNotModified
	var n int
	var err error
	if bodiless {
		err = io.EOF
	} else if n, err = res.Body.Fill(buf[:]); n == 0 && err == nil && x.isStatusOnly(res) {
		n, err = x.readOn(res.Body, buf[:])
	}
	switch {
	case res.Status < 200 || res.Status > 999:
		err = fmt.Errorf("guest has responded with status %d, which does not end an exchange", res.Status)
		fallthrough
	case err != nil && err != io.EOF:
		if x.req.Context().Err() != nil {
			return err
		}
		x.refuse(err)
		res.Body.Finish(err)
		return nil
	}
	h := x.w.Header()
	res.CopyHeader(h)
	if lengths := h["Content-Length"]; len(lengths) > 1 {
		h["Content-Length"] = lengths[:1] // they agree, but not all clients take two
	}
	if _, ok := h["Content-Type"]; !ok {
		h["Content-Type"] = nil // net/http guesses none
	}
	if x.body.mustClose(err == io.EOF) {
		h["Connection"] = []string{"close"}
	}
	if err == io.EOF {
		return x.sendWhole(res, buf[:n], bodiless)
	}
	return x.stream(res, buf[:n])
}

// isStatusOnly reports whether a response is one of gRPC that is over with its head, which has the
// status (gRPC over HTTP/2, Trailers-Only). Clients want to be told in the frame of the head.
func (x *exchange) isStatusOnly(res *wasihttp.Response) bool {
	return x.req.ProtoMajor > 1 && res.Has("grpc-status")
}

// readOn reads of a body when there is something, or its end.
func (x *exchange) readOn(b *wasihttp.Body, p []byte) (int, error) {
	stop := context.AfterFunc(x.req.Context(), func() { b.Close() })
	defer stop()
	return b.Read(p)
}

// sendWhole sends a response that is complete.
func (x *exchange) sendWhole(res *wasihttp.Response, body []byte, bodiless bool) error {
	h := x.w.Header()
	trailers := res.Body.HasTrailers() && !bodiless
	if trailers {
		announce(h, res.Body.Trailers())
	} else if _, ok := h["Content-Length"]; !ok && !bodiless && (len(body) > netHTTPBuffer || x.body.inPieces()) {
		h["Content-Length"] = []string{strconv.Itoa(len(body))}
	}
	x.w.WriteHeader(res.Status)
	if len(body) > 0 {
		if err := x.s.writeBody(x.w, body); err != nil {
			return x.cut(err)
		}
	}
	if trailers {
		addTrailers(h, res.Body.Trailers())
	}
	x.answered = !trailers
	return nil
}

// stream sends a response piece by piece as the guest writes it.
func (x *exchange) stream(res *wasihttp.Response, first []byte) error {
	x.w.WriteHeader(res.Status)
	out := newSlowWriter(x.w, x.s.writeTime())
	defer out.done()
	if len(first) > 0 {
		if _, err := out.Write(first); err != nil {
			return x.cut(err)
		}
	}
	if x.returned.Load() && !x.entry.target.shared {
		x.release() // the guest has written all there is
	}
	x.body.mayDrain()
	stop := context.AfterFunc(x.req.Context(), func() { res.Body.Close() })
	defer stop()
	if err := res.Body.CopyTo(out, out.flush); err != nil {
		return x.cut(err)
	}
	if res.Body.HasTrailers() {
		if err := out.flush(); err != nil { // before, net/http would take the body for all there is
			return x.cut(err)
		}
		addTrailers(x.w.Header(), res.Body.Trailers())
	}
	return nil
}

// cut reports that a response ends too early, if that is the guest's doing. What there was of it
// is sent: aborting the connection would lose it.
func (x *exchange) cut(err error) error {
	if code, ok := abi.AsErr[wasihttp.ErrorCode](err); ok && x.req.Context().Err() == nil {
		x.log(fmt.Errorf("%w: %w", errCutShort, code))
		out := newSlowWriter(x.w, x.s.writeTime())
		defer out.done()
		_ = out.flush()
	}
	return err
}

// flush sends what was written.
func flush(w nethttp.ResponseWriter) error {
	err := nethttp.NewResponseController(w).Flush()
	if errors.Is(err, nethttp.ErrNotSupported) {
		return nil
	}
	return err
}

// announce adds the names of trailers to the field trailer, unless the guest has.
func announce(h, trailers nethttp.Header) {
	for name := range trailers {
		if !isAnnounced(h, name) {
			h["Trailer"] = append(h["Trailer"], name)
		}
	}
}

func isAnnounced(h nethttp.Header, name string) bool {
	for _, v := range h["Trailer"] {
		for n := range strings.SplitSeq(v, ",") {
			if strings.EqualFold(strings.TrimSpace(n), name) {
				return true
			}
		}
	}
	return false
}

// addTrailers adds trailers to h, after the head was written.
func addTrailers(h, trailers nethttp.Header) {
	for name, values := range trailers {
		if isAnnounced(h, name) {
			h[name] = values
		} else {
			h[nethttp.TrailerPrefix+name] = values
		}
	}
}
