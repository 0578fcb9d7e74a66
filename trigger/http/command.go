package http

import (
	"bytes"
	"errors"
	"fmt"
	nethttp "net/http"
	"sync"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasicli "github.com/spinhost/spin/hostapi/wasi/cli"
	p2cli "github.com/spinhost/spin/hostapi/wasi/p2/cli"
)

// serveCommand has a program serve a request as CGI has it: by the executor "wagi".
func (s *Server) serveCommand(w nethttp.ResponseWriter, m *match) {
	body, ok := s.wholeBody(w, m)
	if !ok {
		return
	}
	out := &printed{limit: maxWhole}
	cmd := &hostapi.Command{
		Args: m.cgiArgs(), Env: m.cgiEnv(len(body)), Stdin: bytes.NewReader(body), Stdout: out,
	}
	var call p2cli.RunRun
	if !s.call(hostapi.WithCommand(m.req.Context(), cmd), w, m, &call, isGoodExit) {
		return
	}
	if call.Err != nil { // what it has printed counts all the same
		s.logFailure(m, errors.New("program has returned an error"))
	}
	text, err := out.take()
	if err != nil {
		s.fail(w, m, err)
		return
	}
	res, err := parseCGI(text)
	var bad *cgiError
	switch {
	case errors.As(err, &bad):
		s.logFailure(m, err)
		s.sendWhole(w, m.req, bad.status, []abi.Tuple2[string, string]{{F0: "content-type", F1: "text/plain; charset=utf-8"}}, []byte(bad.text))
	case err != nil:
		s.fail(w, m, err)
	default:
		s.sendWhole(w, m.req, res.status, res.fields, res.body)
	}
}

// isGoodExit reports whether an error says that a program has come to its end by exiting with 0.
func isGoodExit(err error) bool {
	var exit *wasicli.ExitError
	return errors.As(err, &exit) && exit.Code == 0
}

// printed collects what a program prints. Writes may come from several goroutines, and when
// nobody wants them any more.
type printed struct {
	limit int

	mu    sync.Mutex
	buf   []byte
	taken bool
	err   error
}

// Write implements io.Writer.
func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.err != nil:
		return 0, p.err
	case p.taken:
		return 0, errRequestOver
	case len(b) > p.limit-len(p.buf):
		p.err = fmt.Errorf("program has printed more than %d bytes, which is the most that the body of a response may have", p.limit)
		return 0, p.err
	}
	p.buf = append(p.buf, b...)
	return len(b), nil
}

// take returns all that was printed.
func (p *printed) take() ([]byte, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken = true
	return p.buf, p.err
}
