package http

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	nethttp "net/http"
	"net/url"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// outbound is a request of a guest on its way out.
type outbound struct {
	head    *head
	headers *fields
	body    *Body // nil if there is none
	timeouts
}

// send sends a request to where resolve said that it may go, and returns the response as soon
// as its header section has come. When ctx ends before, the connection is closed; afterwards
// it is for the response's body to do that. The error is an [ErrorCode].
func (c *client) send(ctx context.Context, to target, out *outbound) (*nethttp.Response, error) {
	ex := newExchange(ctx, &out.timeouts)
	if out.body != nil {
		ex.endBody(out.body)
	}
	req, err := newRequest(ex.ctx, to, out)
	if err == nil && out.body != nil && out.body.want == 0 && out.body.src != nil {
		err = ex.watchEmpty(out.body)
	}
	var res *nethttp.Response
	if err == nil && c.scope.HTTP == nil {
		err = Internal("the host has nothing that sends requests")
	}
	if err == nil {
		if !to.local {
			req = ex.trace(req)
		}
		res, err = c.roundTrip(req)
	}
	if err == nil && (!isWellFormed(res.Header) || res.StatusCode < 100 || res.StatusCode > 999) {
		res.Body.Close()
		err = p3http.ErrorCodeHTTPProtocolError()
	}
	if err != nil {
		c.explain(ctx, to, err)
		code := ex.failed(err)
		if out.body != nil {
			out.body.Finish(code)
		}
		return nil, code
	}
	ex.responded(res)
	return res, nil
}

// roundTrip has the host send a request. What stands behind it may be the embedder's: that it
// fails must not end the process.
func (c *client) roundTrip(req *nethttp.Request) (res *nethttp.Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			res, err = nil, fmt.Errorf("%w: panic: %v", Internal("the host has failed to send the request"), v)
		}
	}()
	res, err = c.scope.HTTP.RoundTrip(req)
	switch {
	case err != nil:
	case res == nil:
		err = fmt.Errorf("%w: %T returned neither response nor error", Internal("the host has failed to send the request"), c.scope.HTTP)
	case res.Body == nil:
		res.Body = nethttp.NoBody
	}
	return res, err
}

// explain logs why a request was not sent, where that is the host's decision and the guest learns
// no more than a code.
func (c *client) explain(ctx context.Context, to target, err error) {
	var blocked *capability.BlockedError
	if errors.As(err, &blocked) {
		c.log(ctx, blocked.Error(), fmt.Errorf("to %s blocked: %w", to.host, blocked))
		return
	}
	code, ok := abi.AsErr[ErrorCode](err)
	if ok && err.Error() != code.Error() || errors.Is(err, capability.ErrDenied) {
		c.log(ctx, err.Error(), fmt.Errorf("to %s refused: %w", to.host, err))
	}
}

// newRequest makes the request as net/http wants it.
func newRequest(ctx context.Context, to target, out *outbound) (*nethttp.Request, error) {
	u := &url.URL{Scheme: to.scheme, Host: to.host}
	setPath(u, out.head.path)
	req := (&nethttp.Request{
		Method: out.head.method, URL: u, Host: to.host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: make(nethttp.Header, len(out.headers.list)+1),
	}).WithContext(ctx)
	out.headers.copyTo(req.Header, func(name string) bool { return name == "content-length" || name == "trailer" })
	if _, ok := req.Header["User-Agent"]; !ok {
		req.Header["User-Agent"] = []string{""} // else net/http sends its own
	}
	length, err := out.headers.contentLength()
	if err != nil {
		return nil, p3http.ErrorCodeHTTPProtocolError()
	}
	b := out.body
	if b == nil {
		return req, nil
	}
	b.want, b.tooMany = length, requestSize
	if b.src != nil && length != 0 {
		req.Body, req.ContentLength = &sentBody{b, req, to.local}, length
		switch {
		case to.local:
			req.Trailer = nethttp.Header{} // nobody needs to announce what takes no connection
			maps.Copy(req.Trailer, announced(out.headers))
		case length < 0:
			req.Trailer = announced(out.headers)
		}
		return req, nil
	}
	if length == 0 && b.src != nil {
		return req, nil // that it stays empty is yet to be seen
	}
	return req, b.finishEmpty()
}

// finishEmpty finishes a body that has no bytes to send. A guest need not have decided about
// trailers, which cannot be sent then; but it can have aborted the message.
func (b *Body) finishEmpty() error {
	if b.want > 0 {
		return b.tooMany(0)
	}
	if b.trail != nil {
		if _, err, known := b.trail.poll(); known && err != nil {
			return err
		}
	}
	b.Finish(nil)
	return nil
}

// setPath sets path and query of a URL so that they are sent as the guest wrote them.
func setPath(u *url.URL, path string) {
	path, query, found := strings.Cut(path, "?")
	u.RawQuery, u.ForceQuery = query, found && query == ""
	if path == "" {
		path = "/"
	}
	u.Path, u.RawPath = path, path
	if p, err := url.PathUnescape(path); err == nil {
		u.Path = p
	}
	if u.EscapedPath() != path && !strings.HasPrefix(path, "//") { // which would be taken for an authority
		u.Opaque = path
	}
}

// announced returns the names of trailers that the field trailer announces.
func announced(f *fields) nethttp.Header {
	var t nethttp.Header
	for _, v := range f.get("trailer") {
		for name := range strings.SplitSeq(string(v), ",") {
			name = strings.ToLower(strings.TrimSpace(name))
			if !IsToken(name) || forbidden[name] || name == "trailer" || name == "content-length" {
				continue
			}
			if t == nil {
				t = nethttp.Header{}
			}
			t[nethttp.CanonicalHeaderKey(name)] = nil
		}
	}
	return t
}

// sentBody is a request's body as net/http reads it.
type sentBody struct {
	*Body
	req *nethttp.Request
	all bool // trailers are handed over whether they were announced or not
}

// Read implements io.Reader. At the end it hands over the trailers that were announced.
func (b *sentBody) Read(p []byte) (int, error) {
	n, err := b.Body.Read(p)
	switch {
	case err == io.EOF:
		b.handOver()
		b.Finish(nil)
	case err != nil:
		b.Finish(err)
	}
	return n, err
}

func (b *sentBody) handOver() {
	for name, values := range b.Trailers() {
		if _, ok := b.req.Trailer[name]; ok || b.all {
			b.req.Trailer[name] = values
		}
	}
}
