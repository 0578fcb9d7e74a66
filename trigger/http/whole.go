package http

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"time"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/trigger"
)

// Components of Spin 1 and programs get a whole body and give one: they are called when the body
// has come, so that a slow client holds no instance, and answered for when they have returned.

// maxWhole bounds such bodies, in both directions, unless Config.MaxBodyBytes does with those of requests.
const maxWhole = 128 << 20

// wholeBody reads the body of a request. If it cannot, it has answered, and ok is false.
func (s *Server) wholeBody(w nethttp.ResponseWriter, m *match) (body []byte, ok bool) {
	if m.req.Body == nil || m.req.Body == nethttp.NoBody {
		return nil, true
	}
	slow := newSlowReader(w, nethttp.MaxBytesReader(w, m.req.Body, cmp.Or(s.cfg.MaxBodyBytes, maxWhole)), s.bodyTime())
	defer slow.release()
	body, err := io.ReadAll(slow)
	var large *nethttp.MaxBytesError
	switch {
	case err == nil:
		return body, true
	case errors.As(err, &large):
		refuse(w, m.req, nethttp.StatusRequestEntityTooLarge)
	case slow.late():
		refuse(w, m.req, nethttp.StatusRequestTimeout)
	default: // the client has left, or sends what is no body
		refuse(w, m.req, nethttp.StatusBadRequest)
	}
	return nil, false
}

// call calls a component in an instance of its own. If that fails, and not for an error that is
// fine, it has answered, or given up when the client has left.
func (s *Server) call(ctx context.Context, w nethttp.ResponseWriter, m *match, inv abi.Invocation, fine func(error) bool) (ok bool) {
	t := m.entry.target
	if limit := s.requestTime(t); limit > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithDeadlineCause(ctx, time.Now().Add(limit), errTimeout)
		defer stop()
	}
	err := trigger.Do(ctx, t.component, t.handle, inv)
	switch {
	case err == nil || fine(err):
		return true
	case m.req.Context().Err() != nil:
		panic(nethttp.ErrAbortHandler) // the client has left
	}
	s.fail(w, m, err)
	return false
}

// requestTime returns the time within which a component has to answer; 0 or less is no bound.
func (s *Server) requestTime(t *target) time.Duration {
	return cmp.Or(t.component.RequestTime(), s.cfg.RequestTime)
}

// fail answers in place of a component.
func (s *Server) fail(w nethttp.ResponseWriter, m *match, err error) {
	s.logFailure(m, err)
	empty(w, failureStatus(w, err))
}

// badResponse is why a response cannot be sent.
func badResponse(format string, args ...any) error {
	return fmt.Errorf("component has given a response that cannot be sent: "+format, args...)
}
