package localhttp

import (
	"fmt"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

// Header implements http.ResponseWriter.
func (x *exchange) Header() http.Header { return x.header }

// WriteHeader implements http.ResponseWriter. Informational responses are not passed on.
func (x *exchange) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("invalid status %d", status))
	}
	if x.res != nil || status < 200 {
		return
	}
	x.res = &http.Response{
		Status: statusText(status), StatusCode: status, Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: http.Header{}, Trailer: http.Header{}, Body: x.body, ContentLength: -1, Request: x.req,
	}
	for name, values := range x.header {
		if len(values) > 0 && !ofConnection[name] && !strings.HasPrefix(name, http.TrailerPrefix) {
			x.res.Header[name] = append([]string(nil), values...)
		}
	}
	for _, list := range x.header["Trailer"] {
		for name := range strings.SplitSeq(list, ",") {
			x.res.Trailer[textproto.CanonicalMIMEHeaderKey(strings.TrimSpace(name))] = nil
		}
	}
	x.mute = x.req.Method == http.MethodHead || status == http.StatusNoContent || status == http.StatusNotModified
	if n, err := strconv.ParseInt(x.res.Header.Get("Content-Length"), 10, 64); err == nil && n >= 0 {
		x.res.ContentLength = n
	}
	x.left = x.res.ContentLength
	close(x.head)
}

// ofConnection are fields that concern a connection, of which there is none.
var ofConnection = map[string]bool{"Connection": true, "Keep-Alive": true, "Transfer-Encoding": true, "Trailer": true, "Upgrade": true}

// Write implements http.ResponseWriter. It waits while the client has much to read.
func (x *exchange) Write(p []byte) (int, error) {
	x.WriteHeader(http.StatusOK)
	switch {
	case x.mute && x.req.Method == http.MethodHead:
		return len(p), nil
	case x.mute:
		return 0, http.ErrBodyNotAllowed
	case x.left >= 0 && int64(len(p)) > x.left:
		return 0, http.ErrContentLength
	case x.left >= 0:
		x.left -= int64(len(p))
	}
	return x.body.Write(p)
}

// FlushError implements what http.ResponseController looks for. Nothing is held back.
func (x *exchange) FlushError() error {
	x.WriteHeader(http.StatusOK)
	return x.body.writeErr()
}

// Flush implements http.Flusher.
func (x *exchange) Flush() { _ = x.FlushError() }

// EnableFullDuplex implements what http.ResponseController looks for: it always is.
func (x *exchange) EnableFullDuplex() error { return nil }

// takeTrailers takes the trailers from the header, where handlers put them. The response gets them
// from its reader: until it has read all, it may look at those that are announced.
func (x *exchange) takeTrailers() {
	x.trailer = http.Header{}
	for name, values := range x.header {
		if late, ok := strings.CutPrefix(name, http.TrailerPrefix); ok {
			x.trailer[textproto.CanonicalMIMEHeaderKey(late)] = values
		} else if _, ok := x.res.Trailer[name]; ok {
			x.trailer[name] = values
		}
	}
}
