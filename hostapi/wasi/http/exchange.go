package http

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// exchange is one request with its response: it counts the time and knows how it failed.
type exchange struct {
	ctx    context.Context // of the request, ends when the exchange is given up
	cancel context.CancelCauseFunc
	detach func() bool // ends that the caller's context ends the exchange
	limits *timeouts
	first  *time.Timer

	connecting atomic.Pointer[time.Timer]
	noTLS      atomic.Bool // a TLS handshake has failed
}

func newExchange(ctx context.Context, limits *timeouts) *exchange {
	ex := &exchange{limits: limits}
	ex.ctx, ex.cancel = context.WithCancelCause(context.WithoutCancel(ctx))
	end := func() { ex.cancel(p3http.ErrorCodeConnectionTerminated()) }
	if ctx.Err() != nil {
		end() // now: AfterFunc takes its time
	}
	ex.detach = context.AfterFunc(ctx, end)
	ex.first = ex.after(limits.firstByte, p3http.ErrorCodeConnectionReadTimeout())
	return ex
}

// endBody ends the body of the request when the exchange is given up: net/http would wait for the
// guest to write more of it.
func (ex *exchange) endBody(b *Body) {
	context.AfterFunc(ex.ctx, func() {
		if code, ok := abi.AsErr[ErrorCode](context.Cause(ex.ctx)); ok {
			b.Finish(code)
		}
	})
}

// watchEmpty sees to it that a body which was announced to be empty is. A guest that has written
// already has its request refused; one that writes later finds it given up. The request is not
// held back until then: guests may finish the body when they have the response.
func (ex *exchange) watchEmpty(b *Body) error {
	check := func() error {
		_, err := b.Read(make([]byte, 512))
		if err == io.EOF {
			err = nil
		}
		return err
	}
	if b.src.Buffered() {
		err := check()
		b.Finish(err)
		return err
	}
	stop := context.AfterFunc(ex.ctx, func() {
		if code, ok := abi.AsErr[ErrorCode](context.Cause(ex.ctx)); ok {
			b.Finish(code)
		} else {
			b.Finish(nil) // the response was read: nobody needs to know
		}
	})
	go func() {
		err := check()
		stop()
		if code, ok := abi.AsErr[ErrorCode](err); ok {
			ex.cancel(code)
		}
		b.Finish(err)
	}()
	return nil
}

// after gives the exchange up with a code when a limit has passed.
func (ex *exchange) after(t abi.Option[uint64], code ErrorCode) *time.Timer {
	return time.AfterFunc(limit(t), func() { ex.cancel(code) })
}

// trace adds to req what tells connecting from the rest. Transports other than net/http's need
// not support it; there, only the time to the first byte counts.
func (ex *exchange) trace(req *nethttp.Request) *nethttp.Request {
	stop := func() {
		if t := ex.connecting.Swap(nil); t != nil {
			t.Stop()
		}
	}
	return req.WithContext(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) {
			stop() // a request may be sent again on another connection
			ex.connecting.Store(ex.after(ex.limits.connect, p3http.ErrorCodeConnectionTimeout()))
		},
		GotConn: func(httptrace.GotConnInfo) { stop() },
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) {
			if err != nil {
				ex.noTLS.Store(true)
			}
		},
	}))
}

func (ex *exchange) stopTimers() {
	ex.detach()
	ex.first.Stop()
	if t := ex.connecting.Swap(nil); t != nil {
		t.Stop()
	}
}

// failed ends an exchange without response and returns why.
func (ex *exchange) failed(err error) ErrorCode {
	ex.stopTimers()
	code := ex.code(err)
	ex.cancel(code)
	return code
}

// code returns the code for a failure.
func (ex *exchange) code(err error) ErrorCode {
	// What ended the exchange counts more than what net/http says of it.
	if cause, ok := abi.AsErr[ErrorCode](context.Cause(ex.ctx)); ok {
		return cause
	}
	if code, ok := abi.AsErr[ErrorCode](err); ok {
		return code
	}
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.Is(err, capability.ErrDenied):
		return p3http.ErrorCodeHTTPRequestDenied()
	case errors.Is(err, capability.ErrBlocked):
		return p3http.ErrorCodeDestinationIPProhibited()
	case errors.As(err, &dns):
		return p3http.ErrorCodeDNSError(p3http.DNSErrorPayload{
			Rcode: abi.Some("address not available"), InfoCode: abi.Some[uint16](0),
		})
	case errors.As(err, &op) && op.Op == "dial" && op.Timeout():
		return p3http.ErrorCodeConnectionTimeout()
	case op != nil && op.Op == "dial":
		return p3http.ErrorCodeConnectionRefused()
	case isTimeout(err): // of the handshake
		return p3http.ErrorCodeConnectionTimeout()
	case ex.noTLS.Load(), errors.Is(err, nethttp.ErrSchemeMismatch):
		return p3http.ErrorCodeTLSProtocolError()
	}
	return p3http.ErrorCodeHTTPProtocolError()
}

func isTimeout(err error) bool {
	var e net.Error
	return errors.As(err, &e) && e.Timeout()
}

// responded notes that the header section has come: from now on the body's reader decides.
func (ex *exchange) responded(res *nethttp.Response) {
	ex.stopTimers()
	if res.Body == nethttp.NoBody {
		ex.cancel(nil)
		return
	}
	res.Body = &receivedBody{res.Body, ex}
}

// receivedBody is a response's body, each Read of which may take its time only. net/http returns
// what it has read of a chunk when p is full or the chunk ends, not before.
type receivedBody struct {
	r  io.ReadCloser
	ex *exchange
}

func (b *receivedBody) Read(p []byte) (int, error) {
	t := b.ex.after(b.ex.limits.betweenBytes, p3http.ErrorCodeConnectionReadTimeout())
	n, err := b.r.Read(p)
	t.Stop()
	switch err {
	case nil:
	case io.EOF:
		b.r.Close()
		b.ex.cancel(nil)
	default:
		err = b.ex.code(err)
	}
	return n, err
}

// Close implements io.Closer. It ends a Read under way and does not block.
func (b *receivedBody) Close() error {
	b.ex.cancel(p3http.ErrorCodeConnectionTerminated())
	go b.r.Close()
	return nil
}
