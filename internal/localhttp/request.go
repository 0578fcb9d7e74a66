package localhttp

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
)

// incoming makes the request as a server would have received it.
func (t *Transport) incoming(ctx context.Context, req *http.Request) (*http.Request, error) {
	target := req.URL.RequestURI()
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil, err
	}
	u.Scheme, u.Host, u.User = "", "", nil
	in := (&http.Request{
		Method: req.Method, URL: u, RequestURI: target, Host: req.Host, RemoteAddr: t.RemoteAddr,
		Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: req.Header.Clone(), Body: req.Body, ContentLength: req.ContentLength,
		Trailer: req.Trailer, // the same map: it has the values when the body has ended
	}).WithContext(ctx)
	if in.Method == "" {
		in.Method = http.MethodGet
	}
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if in.Body == nil {
		in.Body, in.ContentLength = http.NoBody, 0
	}
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if agent, ok := in.Header["User-Agent"]; ok && (len(agent) == 0 || agent[0] == "") {
		delete(in.Header, "User-Agent") // how clients ask for none
	}
	if in.ContentLength > 0 || in.ContentLength == 0 && hasBody(in.Method) {
		in.Header["Content-Length"] = []string{strconv.FormatInt(in.ContentLength, 10)}
	}
	return in, nil
}

// hasBody reports whether requests with a method are sent with a length even if that is zero.
func hasBody(method string) bool {
	return method == http.MethodPost || method == http.MethodPut || method == http.MethodPatch
}

// refuse makes the response to a request that no handler is to see.
func refuse(req *http.Request, status int) *http.Response {
	if req.Body != nil {
		req.Body.Close()
	}
	return &http.Response{
		Status: statusText(status), StatusCode: status, Proto: "HTTP/2.0", ProtoMajor: 2,
		Header: http.Header{}, Body: http.NoBody, Request: req,
	}
}

func statusText(status int) string { return strconv.Itoa(status) + " " + http.StatusText(status) }
