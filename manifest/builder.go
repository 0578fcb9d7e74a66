package manifest

import (
	"bytes"
	"fmt"

	"github.com/pelletier/go-toml/v2/unstable"
	"github.com/spinhost/spin/internal/wording"
)

// builder makes the tree of a document, expression by expression.
type builder struct {
	file   string
	data   []byte
	place  func(Position) Position
	lines  []int // offset of the start of each line
	parser unstable.Parser
	root   *node
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
		if len(parts) == maxDepth {
			return nil, b.tooDeep(pos)
		}
		parts = append(parts, key{string(n.Data), pos, int(n.Raw.Offset + n.Raw.Length)})
	}
	return parts, nil
}

func (b *builder) count(pos Position) *Error {
	if b.nodes++; b.nodes > maxNodes {
		return newError(pos, ErrLimit, fmt.Sprintf("the manifest has more than %d keys and values", maxNodes))
	}
	return nil
}

func (b *builder) tooDeep(pos Position) *Error {
	return newError(pos, ErrLimit, fmt.Sprintf("tables and arrays are nested more than %d deep", maxDepth))
}

// descend goes from a table to the one that a part of a key names, making it if
// it is not there yet. An array of tables stands for its last one.
func (b *builder) descend(table *node, part key) (*node, *Error) {
	f := table.get(part.name)
	if f == nil {
		next := &node{kind: tableKind, pos: part.pos}
		table.set(part.name, part.pos, next)
		return next, nil
	}
	next := f.node
	if next.kind == arrayKind && !next.closed {
		next = next.items[len(next.items)-1]
	}
	if next.kind != tableKind || next.closed {
		return nil, defined(part, f)
	}
	return next, nil
}

func defined(part key, f *field) *Error {
	return newError(part.pos, ErrSyntax, fmt.Sprintf("%s is already defined at line %d: remove one of the two, or rename it", wording.Quote(part.name), f.pos.Line))
}

// parent descends along all but the last part of a key.
func (b *builder) parent(table *node, parts []key) (*node, key, *Error) {
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

// openTable handles [a.b].
func (b *builder) openTable(expression *unstable.Node) (*node, *Error) {
	parts, err := b.keys(expression)
	if err != nil {
		return nil, err
	}
	parent, last, err := b.parent(b.root, parts)
	if err != nil {
		return nil, err
	}
	f := parent.get(last.name)
	if f != nil && (f.node.kind != tableKind || f.node.closed || f.node.headed) {
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
func (b *builder) openArrayTable(expression *unstable.Node) (*node, *Error) {
	parts, err := b.keys(expression)
	if err != nil {
		return nil, err
	}
	parent, last, err := b.parent(b.root, parts)
	if err != nil {
		return nil, err
	}
	f := parent.get(last.name)
	if f == nil {
		parent.set(last.name, last.pos, &node{kind: arrayKind, pos: last.pos})
		f = parent.get(last.name)
	}
	array := f.node
	if array.kind != arrayKind || array.closed {
		return nil, defined(last, f)
	}
	table := &node{kind: tableKind, pos: last.pos, headed: true}
	array.items = append(array.items, table)
	return table, nil
}

// addKeyValue handles a.b = value.
func (b *builder) addKeyValue(table *node, expression *unstable.Node, depth int) *Error {
	parts, err := b.keys(expression)
	if err != nil {
		return err
	}
	parent, last, err := b.parent(table, parts)
	if err != nil {
		return err
	}
	if f := parent.get(last.name); f != nil {
		return defined(last, f)
	}
	value, err := b.value(expression.Value(), b.afterEquals(last.end), depth+len(parts))
	if err != nil {
		return err
	}
	parent.set(last.name, last.pos, value)
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
func (b *builder) value(n *unstable.Node, pos Position, depth int) (*node, *Error) {
	if n.Raw.Length > 0 {
		pos = b.position(int(n.Raw.Offset))
	}
	if err := b.count(pos); err != nil {
		return nil, err
	}
	if depth > maxDepth {
		return nil, b.tooDeep(pos)
	}
	v := &node{pos: pos, closed: true}
	switch n.Kind {
	case unstable.InlineTable:
		v.kind = tableKind
		for it := n.Children(); it.Next(); {
			if err := b.addKeyValue(v, it.Node(), depth); err != nil {
				return nil, err
			}
		}
	case unstable.Array:
		v.kind = arrayKind
		for it := n.Children(); it.Next(); {
			item, err := b.value(it.Node(), pos, depth+1)
			if err != nil {
				return nil, err
			}
			v.items = append(v.items, item)
		}
	default:
		v.kind = scalarKind(n.Kind)
		v.raw = string(b.parser.Raw(n.Raw))
	}
	return v, nil
}

func scalarKind(k unstable.Kind) kind {
	switch k {
	case unstable.String:
		return stringKind
	case unstable.Integer:
		return integerKind
	case unstable.Float:
		return floatKind
	case unstable.Bool:
		return booleanKind
	}
	return timeKind
}
