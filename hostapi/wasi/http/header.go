package http

import (
	"cmp"
	nethttp "net/http"
	"net/textproto"
	"slices"
	"strings"
)

// headerFields makes fields of a header or trailer section as net/http has it, without the
// names that drop names, and appends extra. net/http does not keep the order of names: they
// come sorted.
func headerFields(h nethttp.Header, drop func(name string) bool, extra []Field) fields {
	var few [24]string
	names, values, bytes := few[:0], len(extra), 0
	for name, list := range h {
		if name := lower(name); drop != nil && drop(name) {
			continue
		}
		names = append(names, name)
		values += len(list)
		for _, v := range list {
			bytes += len(v)
		}
	}
	slices.SortFunc(names, compareNames)
	f := fields{list: make([]Field, 0, values), frozen: true}
	text := make([]byte, 0, bytes)
	for _, name := range names {
		for _, v := range h[name] {
			at := len(text)
			text = append(text, v...)
			f.list = append(f.list, Field{F0: lower(name), F1: text[at:len(text):len(text)]})
		}
	}
	f.list = append(f.list, extra...)
	f.size = sizeOf(f.list)
	return f
}

// announcing adds the field that announces trailers to others. net/http takes it away, and keeps
// the names.
func announcing(extra []Field, trailer nethttp.Header) []Field {
	var names []string
	for name := range trailer {
		if IsToken(name) {
			names = append(names, strings.ToLower(name))
		}
	}
	if len(names) == 0 {
		return extra
	}
	slices.Sort(names)
	return append(slices.Clip(extra), Field{F0: "trailer", F1: []byte(strings.Join(names, ", "))})
}

// isWellFormed reports whether all names and values are such as guests may make. net/http lets
// others pass in responses and trailers, which guests do not expect.
func isWellFormed(h nethttp.Header) bool {
	for name, values := range h {
		if !IsToken(name) {
			return false
		}
		for _, v := range values {
			for i := range len(v) {
				if !isValueByte(v[i]) {
					return false
				}
			}
		}
	}
	return true
}

// compareNames orders names so that spellings of one name, which handlers can make, are together.
func compareNames(a, b string) int {
	for i := range min(len(a), len(b)) {
		if c := cmp.Compare(lowerByte(a[i]), lowerByte(b[i])); c != 0 {
			return c
		}
	}
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

func lowerByte(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return c
}

// copyTo adds the fields to h as net/http wants it, without the names that only the host may
// use and those that drop names.
func (f *fields) copyTo(h nethttp.Header, drop func(name string) bool) {
	var text strings.Builder
	n := 0
	for _, e := range f.list {
		n += len(e.F1)
	}
	text.Grow(n)
	for _, e := range f.list {
		text.Write(e.F1)
	}
	all, values := text.String(), make([]string, len(f.list))
	for i := 0; i < len(f.list); {
		name, from := f.list[i].F0, i
		for ; i < len(f.list) && f.list[i].F0 == name; i++ {
			values[i], all = all[:len(f.list[i].F1)], all[len(f.list[i].F1):]
		}
		if forbidden[name] || drop != nil && drop(name) {
			continue
		}
		key := textproto.CanonicalMIMEHeaderKey(name)
		if old := h[key]; len(old) > 0 {
			h[key] = append(old, values[from:i]...)
		} else {
			h[key] = values[from:i:i]
		}
	}
}
