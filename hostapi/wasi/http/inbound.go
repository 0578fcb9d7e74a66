package http

import (
	"io"
	nethttp "net/http"

	"github.com/spinhost/spin/engine/abi"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// Request is a request that a guest is to serve.
type Request struct {
	Method        string
	Scheme        string // http or https
	Authority     string
	PathWithQuery string // as it stands in the request line
	// Header has the fields, under names as net/http spells them.
	Header nethttp.Header
	// Drop, if not nil, says which names, in lower case, are kept from the guest.
	Drop func(name string) bool
	// Extra are more fields, under names in lower case that Header does not have, or that are
	// dropped. Values may be shared by requests.
	Extra []Field
	// Body has the bytes; nil if there are none. It is read only while the guest wants them.
	// Close may be called during a Read, must not block, and need not end it at once.
	Body io.ReadCloser
	// Trailer returns the trailers once Body has ended; nil if there are none. Before, it has the
	// names of those that were announced, as net/http does.
	Trailer func() nethttp.Header
}

func (r *Request) head() head {
	return head{method: r.Method, scheme: r.Scheme, path: r.PathWithQuery, authority: abi.Some(r.Authority)}
}

// fields makes the header section, without the names that drop names.
func (r *Request) fields(drop func(string) bool) fields {
	extra := r.Extra
	if r.Trailer != nil {
		extra = announcing(extra, r.Trailer())
	}
	return headerFields(r.Header, drop, extra)
}

// body sets b to the body, whose trailers will be without the names that drop names.
func (r *Request) body(b *Body, drop func(string) bool) {
	b.want = -1
	if r.Body == nil {
		return
	}
	b.src = &hostSource{r.Body}
	if r.Trailer != nil {
		b.trail = &hostTrailers{r.Trailer, drop}
	}
}

// IncomingRequest makes the resource of version 0.2. Fields that only the host may use are kept
// from the guest, and the scheme is always HTTP, as guests of that version know it.
func (r *Request) IncomingRequest() p2http.IncomingRequest { return r.incoming() }

// OctoberRequest is IncomingRequest for the snapshot of October 2023. What NewOutparam makes is for
// both.
func (r *Request) OctoberRequest() octhttp.IncomingRequest { return octoberInRequest{r.incoming()} }

func (r *Request) incoming() *inRequest2 {
	in := &inRequest2{head: r.head()}
	in.scheme = "http"
	drop := func(name string) bool { return forbidden[name] || r.Drop != nil && r.Drop(name) }
	in.headers.fields = r.fields(drop)
	r.body(&in.body, func(name string) bool { return forbidden[name] })
	return in
}

// Resource makes the resource of version 0.3.
func (r *Request) Resource() p3http.Request {
	in := &request3{head: r.head()}
	in.own.fields = r.fields(r.Drop)
	in.own.strict = true
	in.headers, in.body = &in.own, &in.ownBody
	r.body(in.body, nil)
	return in
}

// Response is the response of a guest. Its Body must be finished, whatever becomes of it.
type Response struct {
	Status  int
	Body    *Body
	headers *fields
}

// CopyHeader adds the header fields to h, without those that only the host may use.
func (r *Response) CopyHeader(h nethttp.Header) { r.headers.copyTo(h, nil) }

// Has reports whether the response has a header field of that name, which is in lower case.
func (r *Response) Has(name string) bool { return r.headers.has(name) }

// TakeResponse takes the response that a guest of version 0.3 has returned.
func TakeResponse(res p3http.Response) (*Response, error) {
	r, err := asResponse3(res)
	if err != nil {
		return nil, err
	}
	r.taken = Response{Status: int(r.status), Body: r.body, headers: &r.headers.fields}
	return &r.taken, nil
}

// NewOutparam makes the resource in which a guest of version 0.2 puts its response. set is
// called once, on the goroutine that drives the guest, where it must not block: with the
// response, with the [ErrorCode] that the guest gave in its place, or with ErrNoResponse.
func NewOutparam(set func(*Response, error)) p2http.ResponseOutparam { return &outparam2{set} }
