package http

import (
	"fmt"
	"strings"
)

// piece is one part of a route between separators, "/" and ".". A dot separates literals too,
// as each part of a name such as "a.b" counts when routes are compared.
type piece struct {
	kind pieceKind
	text string // of a literal; the name of a parameter
	dot  bool   // "." separates it from the piece before, else "/"
}

type pieceKind uint8

// The kinds of pieces, those first that win over others.
const (
	literal pieceKind = iota
	parameter
	wildcard
)

// pattern is a parsed route.
type pattern struct {
	pieces []piece
	params int // how many of the pieces are parameters
	dots   int // how many parameters a "." ends
}

// A RouteError says what is wrong with a route. Offset is where in its text.
type RouteError struct {
	Route  string
	Offset int
	Reason string
}

// Error says what is wrong and where.
func (e *RouteError) Error() string {
	return fmt.Sprintf("route %q, character %d: %s", e.Route, e.Offset+1, e.Reason)
}

const (
	reasonUnnamed  = `":" needs the name of a parameter after it, as in "/:id"`
	reasonNamed    = `a wildcard has no name: end the route with "/..."`
	reasonMiddle   = `a wildcard matches all the rest of a path and can only be the end of a route; use a parameter such as ":name" for one part of it`
	reasonWildDot  = `a wildcard must be all there is between two slashes: end the route with "/..."`
	reasonTooLong  = "the route is longer than 4096 bytes"
	maxRouteLength = 4096
)

// parsePattern reads a route. Slashes around it do not count.
func parsePattern(route string) (pattern, error) {
	if len(route) > maxRouteLength {
		return pattern{}, &RouteError{route[:32] + "…", maxRouteLength, reasonTooLong}
	}
	var p pattern
	rest := strings.TrimLeft(route, "/")
	at := len(route) - len(rest)
	rest = strings.TrimRight(rest, "/")
	if rest == "" {
		return p, nil
	}
	for {
		segment, after, more := strings.Cut(rest, "/")
		switch {
		case segment == "..." || segment == "*":
			if more {
				return p, &RouteError{route, at, reasonMiddle}
			}
			p.pieces = append(p.pieces, piece{kind: wildcard})
		default:
			if err := p.segment(segment, route, at); err != nil {
				return p, err
			}
		}
		if !more {
			return p, nil
		}
		rest, at = after, at+len(segment)+1
	}
}

// segment adds what stands between two slashes, at offset at of route.
func (p *pattern) segment(s, route string, at int) error {
	for dot := false; ; dot = true {
		text, after, more := strings.Cut(s, ".")
		next := piece{text: text, dot: dot}
		switch {
		case text == ":":
			return &RouteError{route, at, reasonUnnamed}
		case strings.HasPrefix(text, ":"):
			next.kind, next.text = parameter, text[1:]
			p.params++
		case text == "*":
			return &RouteError{route, at, reasonWildDot}
		case strings.HasPrefix(text, "*"):
			return &RouteError{route, at, reasonNamed}
		}
		if dot && p.pieces[len(p.pieces)-1].kind == parameter {
			p.dots++
		}
		p.pieces = append(p.pieces, next)
		if !more {
			return nil
		}
		s, at = after, at+len(text)+1
	}
}

// hasWildcard reports whether the route ends with a wildcard.
func (p *pattern) hasWildcard() bool {
	n := len(p.pieces)
	return n > 0 && p.pieces[n-1].kind == wildcard
}

// key is a text that is the same for patterns which match the same paths, and for no others:
// literals begin neither with a colon nor with an asterisk.
func (p *pattern) key() string {
	var b strings.Builder
	for _, pc := range p.pieces {
		if pc.dot {
			b.WriteByte('.')
		} else {
			b.WriteByte('/')
		}
		switch pc.kind {
		case literal:
			b.WriteString(pc.text)
		case parameter:
			b.WriteByte(':')
		case wildcard:
			b.WriteByte('*')
		}
	}
	return b.String()
}
