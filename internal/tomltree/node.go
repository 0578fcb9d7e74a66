package tomltree

import "github.com/spinhost/spin/capability"

// Position is a place in a file. Lines and columns start at 1; columns count bytes.
type Position = capability.Position

// Kind is the TOML type of a node.
type Kind uint8

// The types of TOML.
const (
	Table Kind = iota
	Array
	String
	Integer
	Float
	Boolean
	Time // date, time, or both
)

// String returns the name with its article, as messages need it.
func (k Kind) String() string {
	return [...]string{"a table", "an array", "a string", "an integer", "a float", "a boolean", "a date or time"}[k]
}

// Node is a value of a TOML document and where it stands.
type Node struct {
	Kind   Kind
	Pos    Position
	Closed bool // a table or an array that nothing can be added to later
	headed bool // a table that has a header of its own

	Value  any    // of a scalar, as the TOML library gives it
	Raw    string // of a scalar, as written
	Fields []Field
	index  map[string]int // field by key
	Items  []*Node
}

// Field is a key of a table with its value.
type Field struct {
	Key  string
	Pos  Position // of the key
	Node *Node
}

// Get returns the field of a table; nil if there is none.
func (n *Node) Get(key string) *Field {
	if n == nil {
		return nil
	}
	if i, ok := n.index[key]; ok {
		return &n.Fields[i]
	}
	return nil
}

// Set adds a field to a table that has none of that key.
func (n *Node) Set(key string, pos Position, value *Node) {
	if n.index == nil {
		n.index = make(map[string]int)
	}
	n.index[key] = len(n.Fields)
	n.Fields = append(n.Fields, Field{key, pos, value})
}

// Empty reports whether n is a table or an array without content.
func (n *Node) Empty() bool {
	return n.Kind <= Array && len(n.Fields) == 0 && len(n.Items) == 0
}

// attach gives the scalars below n their values out of the decoded document. It
// reports whether both have the same shape.
func (n *Node) attach(value any) bool {
	switch n.Kind {
	case Table:
		table, ok := value.(map[string]any)
		if !ok || len(table) != len(n.Fields) {
			return false
		}
		for _, f := range n.Fields {
			if !f.Node.attach(table[f.Key]) {
				return false
			}
		}
		return true
	case Array:
		array, ok := value.([]any)
		if !ok || len(array) != len(n.Items) {
			return false
		}
		for i, item := range n.Items {
			if !item.attach(array[i]) {
				return false
			}
		}
		return true
	}
	n.Value = value
	return n.hasKind(value)
}

// hasKind reports whether value is a scalar of n's kind.
func (n *Node) hasKind(value any) bool {
	switch value.(type) {
	case nil, map[string]any, []any:
		return false
	case string:
		return n.Kind == String
	case int64:
		return n.Kind == Integer
	case float64:
		return n.Kind == Float
	case bool:
		return n.Kind == Boolean
	}
	return n.Kind == Time
}

// Plain returns the value as the TOML library decodes it into an any: maps and
// slices are the caller's.
func (n *Node) Plain() any {
	switch n.Kind {
	case Table:
		table := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			table[f.Key] = f.Node.Plain()
		}
		return table
	case Array:
		array := make([]any, len(n.Items))
		for i, item := range n.Items {
			array[i] = item.Plain()
		}
		return array
	}
	return n.Value
}

// KeyPos goes down from a table that stands at pos, along keys as far as there are any, and returns
// the place of the last. n may be nil.
func (n *Node) KeyPos(pos Position, path []string) Position {
	for _, key := range path {
		f := n.Get(key)
		if f == nil {
			break
		}
		pos, n = f.Pos, f.Node
	}
	return pos
}

// Inside returns the place of a byte of a string; that of the string if it has
// escapes or several lines.
func (n *Node) Inside(offset int) Position {
	text := n.Value.(string)
	pos := n.Pos
	if len(n.Raw) == len(text)+2 && n.Raw[1:len(n.Raw)-1] == text {
		pos.Column += 1 + offset
	}
	return pos
}
