package http

import "strings"

// capture is where in a path something was found.
type capture struct{ from, to int }

// match matches a path as it stands in the request line, without query. It appends the
// values of the parameters to captures, in order, and returns where the wildcard's part is.
func (p *pattern) match(path string, captures []capture) (params []capture, rest capture, ok bool) {
	at, end := trimSlashes(path)
	for i := range p.pieces {
		pc := &p.pieces[i]
		if i > 0 {
			var ok bool
			if at, ok = separator(path, at, end, pc); !ok {
				return nil, rest, false
			}
		}
		switch pc.kind {
		case literal:
			if !strings.HasPrefix(path[at:end], pc.text) {
				return nil, rest, false
			}
			at += len(pc.text)
		case parameter:
			if at == end {
				return nil, rest, false
			}
			n := p.valueLength(i, path[at:end])
			captures = append(captures, capture{at, at + n})
			at += n
		case wildcard:
			return captures, capture{at, end}, true
		}
	}
	return captures, capture{end, end}, at == end
}

// separator steps over what stands before pc. The wildcard needs none at the end of a path.
func separator(path string, at, end int, pc *piece) (int, bool) {
	sep := byte('/')
	if pc.dot {
		sep = '.'
	}
	switch {
	case at == end:
		return at, pc.kind == wildcard
	case path[at] != sep:
		return at, false
	}
	return at + 1, true
}

// valueLength returns how much of s belongs to the parameter that is piece i.
func (p *pattern) valueLength(i int, s string) int {
	stop := "/"
	if i+1 < len(p.pieces) && p.pieces[i+1].dot {
		stop = "./"
	}
	if n := strings.IndexAny(s, stop); n >= 0 {
		return n
	}
	return len(s)
}

// trimSlashes returns where a path begins and ends without the slashes around it.
func trimSlashes(path string) (from, to int) {
	to = len(path)
	for to > 0 && path[to-1] == '/' {
		to--
	}
	for from < to && path[from] == '/' {
		from++
	}
	return from, to
}

// pathInfo returns the part of a path that a wildcard has matched, with the slash before it
// and at most one of those after it.
func pathInfo(path string, rest capture) string {
	from, to := rest.from, rest.to
	if to < len(path) {
		to++ // a slash: matching stops before those at the end
	}
	if rest.from < rest.to && from > 0 {
		from--
	}
	return path[from:to]
}
