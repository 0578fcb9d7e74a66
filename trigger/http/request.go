package http

import (
	nethttp "net/http"
	"net/netip"
	"net/url"
	"strings"
	"unicode/utf8"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// match is a request with the route that serves it.
type match struct {
	req       *nethttp.Request
	entry     *entry
	path      string // as the client sent it
	target    string // path and query
	scheme    string
	authority string
	params    []capture
	rest      capture
	local     bool // it comes from another component of the app
}

// rawPath returns the path of a request as the client sent it, or as a handler before this one
// has changed it. A fragment, which is not for servers, is left out, as by Spin.
func rawPath(u *url.URL) string {
	if u.RawPath != "" {
		if p, err := url.PathUnescape(u.RawPath); err == nil && p == u.Path {
			raw, _, _ := strings.Cut(u.RawPath, "#")
			return raw // not EscapedPath, which refuses some characters that it would escape
		}
	}
	return u.EscapedPath()
}

// withQuery adds the query to a path.
func withQuery(path string, u *url.URL) string {
	if path == "" {
		path = "/"
	}
	if u.RawQuery == "" && !u.ForceQuery || strings.Contains(u.RawPath, "#") {
		return path
	}
	query, _, _ := strings.Cut(u.RawQuery, "#")
	return path + "?" + query
}

// authorityOf returns the host that the client has asked for, "" if there is none that counts.
// Names of components are not for clients to use.
func authorityOf(r *nethttp.Request) string {
	host := r.Host
	name, _, _ := strings.Cut(host, ":")
	if label, ok := strings.CutSuffix(name, ".spin.internal"); ok && label != "" && !strings.Contains(label, ".") {
		return ""
	}
	if !isHost(host) {
		return ""
	}
	return host
}

// isHost reports whether s is a name or an address, perhaps with a port.
func isHost(s string) bool {
	if !wasihttp.IsAuthority(s) || strings.Contains(s, "@") {
		return false
	}
	if rest, ok := strings.CutPrefix(s, "["); ok {
		addr, _, _ := strings.Cut(rest, "]")
		ip, err := netip.ParseAddr(addr)
		return err == nil && ip.Is6() && ip.Zone() == ""
	}
	return s[0] != ':'
}

// isText reports whether all values are UTF-8, as guests expect.
func isText(h nethttp.Header) bool {
	for _, values := range h {
		for _, v := range values {
			if !utf8.ValidString(v) {
				return false
			}
		}
	}
	return true
}

// request makes the request for the guest. body is nil if there is none.
func (m *match) request(body *requestBody, extra []field) wasihttp.Request {
	r := wasihttp.Request{
		Method: m.req.Method, Scheme: m.scheme, Authority: m.authority, PathWithQuery: m.target,
		Header: m.req.Header, Drop: stripped, Extra: extra,
	}
	if body != nil {
		r.Body = body
		r.Trailer = func() nethttp.Header { return m.req.Trailer }
	}
	return r
}
