package tomltree

import (
	"bytes"
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spinhost/spin/internal/wording"
)

// builder makes the tree of a document, expression by expression.
type builder struct {
	Options
	file   string
	data   []byte
	lines  []int // offset of the start of each line
	parser unstable.Parser
	root   *Node
	nodes  int
}

// build fills root. It stops at the first error.
func (b *builder) build() *Error {
	b.parser.Reset(b.data)
	table := b.root
	for b.parser.NextExpression() {
		expression := b.parser.Expression()
		var err *Error
		switch expression.Kind {
		case unstable.Table:
			table, err = b.openTable(expression)
		case unstable.ArrayTable:
			table, err = b.openArrayTable(expression)
		case unstable.KeyValue:
			err = b.addKeyValue(table, expression, 1)
		}
		if err != nil {
			return err
		}
	}
	if err := b.parser.Error(); err != nil {
		return b.syntaxError(err)
	}
	return nil
}

// key is one part of a dotted key.
type key struct {
	name string
	pos  Position
	end  int // offset after it
}

// keys collects the parts of an expression's key.
func (b *builder) keys(expression *unstable.Node) ([]key, *Error) {
	var parts []key
	for it := expression.Key(); it.Next(); {
		n := it.Node()
		pos := b.position(int(n.Raw.Offset))
		if err := b.count(pos); err != nil {
			return nil, err
		}
		if len(parts) == b.MaxDepth {
			return nil, b.tooDeep(pos)
		}
		parts = append(parts, key{string(n.Data), pos, int(n.Raw.Offset + n.Raw.Length)})
	}
	return parts, nil
}

func (b *builder) count(pos Position) *Error {
	if b.nodes++; b.nodes > b.MaxNodes {
		return &Error{pos, fmt.Sprintf("the %s has more than %d keys and values", b.What, b.MaxNodes), true}
	}
	return nil
}

func (b *builder) tooDeep(pos Position) *Error {
	return &Error{pos, fmt.Sprintf("tables and arrays are nested more than %d deep", b.MaxDepth), true}
}

// descend goes from a table to the one that a part of a key names, making it if
// it is not there yet. An array of tables stands for its last one.
func (b *builder) descend(table *Node, part key) (*Node, *Error) {
	f := table.Get(part.name)
	if f == nil {
		next := &Node{Kind: Table, Pos: part.pos}
		table.Set(part.name, part.pos, next)
		return next, nil
	}
	next := f.Node
	if next.Kind == Array && !next.Closed {
		next = next.Items[len(next.Items)-1]
	}
	if next.Kind != Table || next.Closed {
		return nil, defined(part, f)
	}
	return next, nil
}

func defined(part key, f *Field) *Error {
	return &Error{Pos: part.pos, Msg: fmt.Sprintf("%s is already defined at line %d: remove one of the two, or rename it", wording.Quote(part.name), f.Pos.Line)}
}

// parent descends along all but the last part of a key.
func (b *builder) parent(table *Node, parts []key) (*Node, key, *Error) {
	last := len(parts) - 1
	for _, part := range parts[:last] {
		next, err := b.descend(table, part)
		if err != nil {
			return nil, key{}, err
		}
		table = next
	}
	return table, parts[last], nil
}

// header descends along the key of a header, all but its last part.
func (b *builder) header(expression *unstable.Node) (*Node, key, *Error) {
	parts, err := b.keys(expression)
	if err != nil {
		return nil, key{}, err
	}
	return b.parent(b.root, parts)
}

// openTable handles [a.b].
func (b *builder) openTable(expression *unstable.Node) (*Node, *Error) {
	parent, last, err := b.header(expression)
	if err != nil {
		return nil, err
	}
	f := parent.Get(last.name)
	if f != nil && (f.Node.Kind != Table || f.Node.Closed || f.Node.headed) {
		return nil, defined(last, f)
	}
	table, err := b.descend(parent, last)
	if err != nil {
		return nil, err
	}
	table.headed = true
	return table, nil
}

// openArrayTable handles [[a.b]].
func (b *builder) openArrayTable(expression *unstable.Node) (*Node, *Error) {
	parent, last, err := b.header(expression)
	if err != nil {
		return nil, err
	}
	f := parent.Get(last.name)
	if f == nil {
		parent.Set(last.name, last.pos, &Node{Kind: Array, Pos: last.pos})
		f = parent.Get(last.name)
	}
	array := f.Node
	if array.Kind != Array || array.Closed {
		return nil, defined(last, f)
	}
	table := &Node{Kind: Table, Pos: last.pos, headed: true}
	array.Items = append(array.Items, table)
	return table, nil
}

// addKeyValue handles a.b = value.
func (b *builder) addKeyValue(table *Node, expression *unstable.Node, depth int) *Error {
	parts, err := b.keys(expression)
	if err != nil {
		return err
	}
	parent, last, err := b.parent(table, parts)
	if err != nil {
		return err
	}
	if f := parent.Get(last.name); f != nil {
		return defined(last, f)
	}
	value, err := b.value(expression.Value(), b.afterEquals(last.end), depth+len(parts))
	if err != nil {
		return err
	}
	parent.Set(last.name, last.pos, value)
	return nil
}

// afterEquals returns where the value of a key stands that ends at offset.
func (b *builder) afterEquals(offset int) Position {
	rest := b.data[offset:]
	rest = bytes.TrimLeft(rest, " \t=")
	return b.position(len(b.data) - len(rest))
}

// value makes the node of a value. The parser does not say where an array starts;
// pos says it, or nearly so within another array.
func (b *builder) value(n *unstable.Node, pos Position, depth int) (*Node, *Error) {
	if n.Raw.Length > 0 {
		pos = b.position(int(n.Raw.Offset))
	}
	if err := b.count(pos); err != nil {
		return nil, err
	}
	if depth > b.MaxDepth {
		return nil, b.tooDeep(pos)
	}
	v := &Node{Pos: pos, Closed: true}
	switch n.Kind {
	case unstable.InlineTable:
		v.Kind = Table
		for it := n.Children(); it.Next(); {
			if err := b.addKeyValue(v, it.Node(), depth); err != nil {
				return nil, err
			}
		}
	case unstable.Array:
		v.Kind = Array
		for it := n.Children(); it.Next(); {
			item, err := b.value(it.Node(), pos, depth+1)
			if err != nil {
				return nil, err
			}
			v.Items = append(v.Items, item)
		}
	default:
		v.Kind = scalarKind(n.Kind)
		v.Raw = string(b.parser.Raw(n.Raw))
	}
	return v, nil
}

func scalarKind(k unstable.Kind) Kind {
	switch k {
	case unstable.String:
		return String
	case unstable.Integer:
		return Integer
	case unstable.Float:
		return Float
	case unstable.Bool:
		return Boolean
	}
	return Time
}
