package http

import (
	"strings"
	"sync"

	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/internal/localhttp"
)

// field is a header field.
type field = wasihttp.Field

// fixedFields are the fields that all requests of a route get, of the route as written and
// as normalized.
func fixedFields(raw, path string) []field {
	return []field{
		{F0: "spin-matched-route", F1: []byte(path)},
		{F0: "spin-base-path", F1: []byte("/")},
		{F0: "spin-raw-component-route", F1: []byte(raw)},
		{F0: "spin-component-route", F1: []byte(strings.TrimSuffix(raw, "/..."))},
	}
}

// paramFields returns the names of the fields for a route's parameters, in their order. A name
// is empty if it is not legal, or if the parameter comes again later, which then counts.
func paramFields(p *pattern) []string {
	var names []string
	last := map[string]int{}
	for _, pc := range p.pieces {
		if pc.kind != parameter {
			continue
		}
		name := "spin-path-match-" + strings.ToLower(strings.ReplaceAll(pc.text, "_", "-"))
		if !wasihttp.IsToken(name) {
			name = ""
		} else if i, ok := last[name]; ok {
			names[i] = ""
		}
		last[name] = len(names)
		names = append(names, name)
	}
	return names
}

// maxExtra is how many fields a request gets without another allocation for them.
const maxExtra = 12

// rooms are for those fields, which are copied when the request's resource is made.
var rooms = sync.Pool{New: func() any { return new([maxExtra]field) }}

// extraFields appends to list what the trigger adds to a request's fields. host says that the
// guest sees the field host.
func (m *match) extraFields(list []field, host bool) []field {
	r, e := m.req, m.entry
	info := ""
	if e.route.Wildcard {
		info = pathInfo(m.path, m.rest)
	}
	host = host && !m.local
	urlHost, client := m.authority, r.RemoteAddr
	if m.local {
		urlHost, client = localhttp.Host, localhttp.PeerAddr
	}
	n := len(info) + len(m.scheme) + len("://") + len(m.authority) + len(urlHost) + len(m.target) + len(client)
	for _, c := range m.params {
		n += c.to - c.from
	}
	text := make([]byte, 0, n)
	add := func(name string, parts ...string) {
		at := len(text)
		for _, p := range parts {
			text = append(text, p...)
		}
		list = append(list, field{F0: name, F1: text[at:len(text):len(text)]})
	}
	if host {
		add("host", m.authority)
	}
	add("spin-path-info", info)
	add("spin-full-url", m.scheme, "://", urlHost, m.target)
	list = append(list, e.fixed...)
	add("spin-client-addr", client)
	for i, c := range m.params {
		if name := e.names[i]; name != "" {
			add(name, m.path[c.from:c.to])
		}
	}
	return list
}

// stripped reports whether a field of the client's is kept from guests: those that the trigger
// makes itself, which nobody may forge, and what concerns the connection only.
func stripped(name string) bool {
	return name == "connection" || strings.HasPrefix(name, "spin-")
}
