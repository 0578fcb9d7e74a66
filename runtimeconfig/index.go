package runtimeconfig

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"github.com/pelletier/go-toml/v2/unstable"
)

// index finds the places of a document. It trusts that the document is right, as
// the library decodes it afterwards and reports what is not.
type index struct {
	file  string
	data  []byte
	lines []int // offset of the start of each line
	root  *place
	nodes int
}

func (x *index) position(offset int) Position {
	line, found := slices.BinarySearch(x.lines, offset)
	if !found {
		line-- // the line that starts before offset
	}
	return Position{File: x.file, Line: line + 1, Column: offset - x.lines[line] + 1}
}

func (x *index) build() *Error {
	start := x.position(0)
	x.root = &place{key: start, value: start}
	var parser unstable.Parser
	parser.Reset(x.data)
	table := x.root
	for parser.NextExpression() {
		expression := parser.Expression()
		var fault *Error
		switch expression.Kind {
		case unstable.Table:
			table, _, fault = x.descend(x.root, expression, 0)
		case unstable.ArrayTable:
			if table, _, fault = x.descend(x.root, expression, 0); fault == nil {
				table = x.appendTable(table, expression)
			}
		case unstable.KeyValue:
			fault = x.keyValue(table, expression, 1)
		}
		if fault != nil {
			return fault
		}
	}
	err := parser.Error()
	if err == nil {
		return nil
	}
	fault := &Error{Pos: start, Msg: cleanMessage(err.Error()), Err: ErrSyntax}
	var parserErr *unstable.ParserError
	if errors.As(err, &parserErr) {
		// The parser points with a slice into the text, which it was given whole.
		fault.Pos = x.position(min(max(cap(x.data)-cap(parserErr.Highlight), 0), len(x.data)))
		fault.Msg = cleanMessage(parserErr.Message)
	}
	return fault
}

// descend goes along the key of an expression, and makes places that are not there
// yet. It also returns the offset of the key's end. An array stands for its last
// element, but not at the end of the key.
func (x *index) descend(p *place, expression *unstable.Node, depth int) (*place, int, *Error) {
	end, first := 0, true
	for it := expression.Key(); it.Next(); depth++ {
		n := it.Node()
		pos := x.position(int(n.Raw.Offset))
		if fault := x.count(pos, depth); fault != nil {
			return nil, 0, fault
		}
		if !first && len(p.items) > 0 {
			p = p.items[len(p.items)-1]
		}
		first = false
		next := p.fields[string(n.Data)]
		if next == nil {
			next = &place{key: pos, value: pos}
			if p.fields == nil {
				p.fields = make(map[string]*place)
			}
			p.fields[string(n.Data)] = next
		}
		p, end = next, int(n.Raw.Offset+n.Raw.Length)
	}
	if expression.Kind == unstable.Table && len(p.items) > 0 {
		p = p.items[len(p.items)-1]
	}
	return p, end, nil
}

// appendTable adds an element to an array of tables.
func (x *index) appendTable(array *place, expression *unstable.Node) *place {
	pos := array.key
	for it := expression.Key(); it.Next(); {
		pos = x.position(int(it.Node().Raw.Offset))
	}
	item := &place{key: pos, value: pos}
	array.items = append(array.items, item)
	return item
}

func (x *index) count(pos Position, depth int) *Error {
	if x.nodes++; x.nodes > maxNodes {
		return &Error{Pos: pos, Err: ErrLimit, Msg: fmt.Sprintf("the file has more than %d keys and values", maxNodes)}
	}
	if depth > maxDepth {
		return &Error{Pos: pos, Err: ErrLimit, Msg: fmt.Sprintf("tables and arrays are nested more than %d deep", maxDepth)}
	}
	return nil
}

func (x *index) keyValue(table *place, expression *unstable.Node, depth int) *Error {
	p, end, fault := x.descend(table, expression, depth)
	if fault != nil {
		return fault
	}
	rest := bytes.TrimLeft(x.data[end:], " \t=")
	p.value = x.position(len(x.data) - len(rest))
	return x.fill(p, expression.Value(), depth)
}

// fill adds what is in a value. The parser does not say where an array starts.
func (x *index) fill(p *place, n *unstable.Node, depth int) *Error {
	if n.Raw.Length > 0 {
		p.value = x.position(int(n.Raw.Offset))
	}
	if fault := x.count(p.value, depth); fault != nil {
		return fault
	}
	for it := n.Children(); it.Next(); {
		switch n.Kind {
		case unstable.InlineTable:
			if fault := x.keyValue(p, it.Node(), depth+1); fault != nil {
				return fault
			}
		case unstable.Array:
			item := &place{key: p.value, value: p.value}
			p.items = append(p.items, item)
			if fault := x.fill(item, it.Node(), depth+1); fault != nil {
				return fault
			}
		}
	}
	return nil
}
