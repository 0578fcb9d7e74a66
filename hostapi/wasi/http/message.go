package http

import (
	"strconv"
	"strings"

	"github.com/spinhost/spin/engine/abi"
)

// head is what the resources for requests of both versions share, besides fields and body.
type head struct {
	method    string
	scheme    string // in lower case; "" if there is none
	path      string // with query; "" if there is none
	authority abi.Option[string]
}

// methods are the methods that have cases of their own, in their order.
var methods = [...]string{"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"}

// methodCase returns the number of a method's case; that of other is len(methods).
func methodCase(name string) int {
	for i, m := range methods {
		if m == name {
			return i
		}
	}
	return len(methods)
}

// setMethod takes the case of a method, and its name if the case is other.
func (h *head) setMethod(number int, other string) bool {
	if number < len(methods) {
		h.method = methods[number]
		return true
	}
	if !IsToken(other) {
		return false
	}
	h.method = other
	return true
}

// The numbers of the cases of scheme.
const (
	schemeHTTP = iota
	schemeHTTPS
	schemeOther
)

// schemeCase returns the number of a scheme's case.
func schemeCase(scheme string) int {
	switch scheme {
	case "http":
		return schemeHTTP
	case "https":
		return schemeHTTPS
	}
	return schemeOther
}

// setScheme takes the case of a scheme, and its name if the case is other.
func (h *head) setScheme(number int, other string) bool {
	switch {
	case number == schemeHTTP:
		h.scheme = "http"
	case number == schemeHTTPS:
		h.scheme = "https"
	case !isScheme(other):
		return false
	default:
		h.scheme = strings.ToLower(other)
	}
	return true
}

// isScheme implements the rule for schemes of RFC 3986, section 3.1.
func isScheme(s string) bool {
	for i := range len(s) {
		switch c := s[i] | 0x20; {
		case c >= 'a' && c <= 'z':
		case i > 0 && (s[i] >= '0' && s[i] <= '9' || s[i] == '+' || s[i] == '-' || s[i] == '.'):
		default:
			return false
		}
	}
	return s != "" && len(s) <= 64
}

// maxTarget bounds what a request line has of a URL, in bytes.
const maxTarget = 65534

// setPath takes path and query. A fragment is dropped.
func (h *head) setPath(p abi.Option[string]) bool {
	if !p.OK {
		h.path = ""
		return true
	}
	path, _, _ := strings.Cut(p.Value, "#")
	if p.Value == "" || len(path) > maxTarget || path != "" && path != "*" && path[0] != '/' && path[0] != '?' {
		return false
	}
	if !IsTarget(path) {
		return false
	}
	if path == "" || path[0] == '?' {
		path = "/" + path
	}
	h.path = path
	return true
}

// IsTarget reports whether path and query can stand in a request line: they have no control
// characters, and none of those that the HTTP library of Rust, with which guests read them, refuses.
func IsTarget(s string) bool {
	path, query, _ := strings.Cut(s, "?")
	for i := range len(s) {
		if s[i] <= ' ' || s[i] == 0x7f {
			return false
		}
	}
	return !strings.ContainsAny(path, "<>`") && !strings.ContainsAny(query, "\"<>")
}

// setAuthority takes host and port, perhaps after user information. The host may be empty if
// there is a port: SDKs make requests to the app itself that way.
func (h *head) setAuthority(a abi.Option[string]) bool {
	if a.OK && !IsAuthority(a.Value) {
		return false
	}
	h.authority = a
	return true
}

// IsAuthority reports whether s can be host and port of a URL, perhaps after user information.
// The host may be empty if there is a port.
func IsAuthority(s string) bool {
	if len(s) > maxTarget || strings.ContainsAny(s, "/?#\\ \"<>^`{|}") {
		return false
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	at := strings.LastIndexByte(s, '@')
	user, host := s[:max(at, 0)], s[at+1:]
	if strings.ContainsAny(user, "@[]") {
		return false
	}
	if rest, ok := strings.CutPrefix(host, "["); ok {
		address, port, ok := strings.Cut(rest, "]")
		return ok && address != "" && !strings.ContainsAny(address+port, "[]") && (port == "" || port[0] == ':' && isPort(port[1:]))
	}
	name, port, ok := strings.Cut(host, ":")
	return !strings.ContainsAny(name, "[]") && (ok && isPort(port) || !ok && name != "")
}

// isPort reports whether s is the number of a port.
func isPort(s string) bool {
	_, err := strconv.ParseUint(s, 10, 16)
	return err == nil && len(s) <= 5
}

// pathWithQuery returns the path as guests see it.
func (h *head) pathWithQuery() abi.Option[string] {
	if h.path == "" {
		return abi.Option[string]{}
	}
	return abi.Some(h.path)
}

// isSelf reports whether the request is for the app itself.
func (h *head) isSelf() bool {
	host := h.authority.Value[strings.LastIndexByte(h.authority.Value, '@')+1:]
	name, _, _ := strings.Cut(host, ":")
	return name == "" || strings.EqualFold(name, "self.alt")
}
