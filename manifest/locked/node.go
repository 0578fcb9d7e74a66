package locked

import (
	"encoding/json"
)

// Bounds on the text. They are far above what tools write.
const (
	maxSize   = 16 << 20 // bytes
	maxDepth  = 64       // objects and arrays within each other
	maxValues = 1 << 18  // keys included
	maxErrors = 32       // reported at once
)

type kind uint8

const (
	nullKind kind = iota
	boolKind
	numberKind
	stringKind
	arrayKind
	objectKind
)

// String returns the name with its article, as messages need it.
func (k kind) String() string {
	return [...]string{"null", "a boolean", "a number", "a string", "an array", "an object"}[k]
}

// node is a JSON value and where it starts.
type node struct {
	kind   kind
	offset int
	truth  bool
	text   string // of a string, or a number as written
	items  []*node
	fields []field
	index  map[string]int // field by key
}

type field struct {
	key    string
	offset int
	node   *node
}

// get returns the value of a key, nil if there is none.
func (n *node) get(key string) *node {
	if i, ok := n.index[key]; ok {
		return n.fields[i].node
	}
	return nil
}

// value returns the node as an element of [Values]: what it contains is the
// caller's.
func (n *node) value() any {
	switch n.kind {
	case boolKind:
		return n.truth
	case numberKind:
		return json.Number(n.text)
	case stringKind:
		return n.text
	case arrayKind:
		list := make([]any, len(n.items))
		for i, item := range n.items {
			list[i] = item.value()
		}
		return list
	case objectKind:
		return map[string]any(n.values())
	}
	return nil
}

func (n *node) values() Values {
	m := make(Values, len(n.fields))
	for _, f := range n.fields {
		m[f.key] = f.node.value()
	}
	return m
}
