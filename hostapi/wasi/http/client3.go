package http

import (
	"context"
	nethttp "net/http"

	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// client3 implements wasi:http/client of version 0.3.
type client3 struct{ client }

// Send implements the function send.
func (c *client3) Send(ctx context.Context, request p3http.Request) (p3http.Response, error) {
	r, err := asRequest3(request)
	if err != nil {
		return nil, err
	}
	to, err := c.resolve(ctx, &r.head)
	if err != nil {
		r.body.Finish(err)
		return nil, err
	}
	out := &outbound{head: &r.head, headers: &r.headers.fields, body: r.body}
	if r.options != nil {
		out.timeouts = r.options.timeouts
	}
	res, err := c.send(ctx, to, out)
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil { // nobody will take the response
		res.Body.Close()
		return nil, p3http.ErrorCodeConnectionTerminated()
	}
	in := &response3{status: uint16(res.StatusCode)}
	in.own.fields, in.own.strict = headerFields(res.Header, nil, announcing(nil, res.Trailer)), true
	in.headers, in.body = &in.own, &in.ownBody
	receive(in.body, res, nil)
	return in, nil
}

// receive sets b to the body of a response, whose trailers will be without the names that drop
// names.
func receive(b *Body, res *nethttp.Response, drop func(string) bool) {
	b.want = -1
	if res.Body != nethttp.NoBody {
		b.src = &hostSource{res.Body}
		b.trail = &hostTrailers{func() nethttp.Header { return res.Trailer }, drop}
	}
}
