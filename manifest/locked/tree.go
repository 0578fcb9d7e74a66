package locked

import (
	"bytes"
	"encoding/json"
	"errors"
	"unicode/utf8"

	"github.com/spinhost/spin/internal/wording"
)

// treeReader makes the nodes of a text. Errors end it.
type treeReader struct {
	*collector
	dec    *json.Decoder
	way    []step // to what is being read
	values int
	failed bool
}

// step leads into an array, or into an object if index is negative.
type step struct {
	key   string
	index int
}

func (r *treeReader) path() string {
	path := ""
	for _, s := range r.way {
		if s.index >= 0 {
			path = index(path, s.index)
		} else {
			path = join(path, s.key)
		}
	}
	return path
}

// readTree reads the whole text, nil if it cannot be read.
func readTree(c *collector) *node {
	if len(c.data) > maxSize {
		c.add(0, "", ErrLimit, "the text has more than %d bytes", maxSize)
		return nil
	}
	if !utf8.Valid(c.data) {
		c.add(firstInvalid(c.data), "", ErrSyntax, "the text is not UTF-8 from here")
		return nil
	}
	var raw json.RawMessage
	if err := json.Unmarshal(c.data, &raw); err != nil {
		c.syntax(err)
		return nil
	}
	r := &treeReader{collector: c, dec: json.NewDecoder(bytes.NewReader(c.data))}
	r.dec.UseNumber()
	n := r.value()
	if r.failed {
		return nil
	}
	return n
}

func (c *collector) syntax(err error) {
	offset := len(c.data)
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		// The offset is that after the byte that is wrong, if there is one.
		if offset = int(syntax.Offset); offset > 0 && offset <= len(c.data) && syntax.Error() != "unexpected end of JSON input" {
			offset--
		}
	}
	c.add(offset, "", ErrSyntax, "the text is not JSON: %v", err)
}

func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return len(data)
}

// next returns the next token and where it starts.
func (r *treeReader) next() (json.Token, int) {
	offset := int(r.dec.InputOffset())
	for offset < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[offset]) >= 0 {
		offset++
	}
	token, err := r.dec.Token()
	if err != nil { // of a text that was found to be right
		r.fail(offset, ErrSyntax, "%v", err)
	}
	return token, offset
}

func (r *treeReader) fail(offset int, cause error, format string, args ...any) {
	if !r.failed {
		r.add(offset, r.path(), cause, format, args...)
	}
	r.failed = true
}

func (r *treeReader) value() *node {
	token, offset := r.next()
	n := &node{offset: offset}
	if r.values++; r.values > maxValues {
		r.fail(offset, ErrLimit, "the text has more than %d values", maxValues)
	}
	if r.failed {
		return n
	}
	switch t := token.(type) {
	case bool:
		n.kind, n.truth = boolKind, t
	case json.Number:
		n.kind, n.text = numberKind, t.String()
	case string:
		n.kind, n.text = stringKind, t
	case json.Delim:
		if len(r.way) == maxDepth {
			r.fail(offset, ErrLimit, "objects and arrays are nested more than %d deep", maxDepth)
			return n
		}
		if t == '{' {
			r.object(n)
		} else {
			r.array(n)
		}
	}
	return n
}

func (r *treeReader) array(n *node) {
	n.kind = arrayKind
	for !r.failed && r.dec.More() {
		n.items = append(n.items, r.child(step{index: len(n.items)}))
	}
	r.end()
}

func (r *treeReader) object(n *node) {
	n.kind, n.index = objectKind, make(map[string]int)
	for !r.failed && r.dec.More() {
		token, offset := r.next()
		key, _ := token.(string)
		if _, ok := n.index[key]; ok {
			r.fail(offset, ErrSyntax, "the key %s is written twice: remove one of the two", wording.Quote(key))
			return
		}
		n.index[key] = len(n.fields)
		n.fields = append(n.fields, field{key, offset, r.child(step{key, -1})})
	}
	r.end()
}

func (r *treeReader) child(s step) *node {
	r.way = append(r.way, s)
	n := r.value()
	r.way = r.way[:len(r.way)-1]
	return n
}

// end reads the end of an object or an array.
func (r *treeReader) end() {
	if !r.failed {
		r.next()
	}
}
