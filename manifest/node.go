package manifest

// kind is the TOML type of a node.
type kind uint8

const (
	tableKind kind = iota
	arrayKind
	stringKind
	integerKind
	floatKind
	booleanKind
	timeKind // date, time, or both
)

// String returns the name with its article, as messages need it.
func (k kind) String() string {
	return [...]string{"a table", "an array", "a string", "an integer", "a float", "a boolean", "a date or time"}[k]
}

// node is a value of a TOML document and where it stands.
type node struct {
	kind   kind
	pos    Position
	closed bool // a table or an array that nothing can be added to later
	headed bool // a table that has a header of its own

	value  any    // of a scalar, as the TOML library gives it
	raw    string // of a scalar, as written
	fields []field
	index  map[string]int // field by key
	items  []*node
}

// field is a key of a table with its value.
type field struct {
	key  string
	pos  Position // of the key
	node *node
}

// get returns the field of a table; nil if there is none.
func (n *node) get(key string) *field {
	if n == nil {
		return nil
	}
	if i, ok := n.index[key]; ok {
		return &n.fields[i]
	}
	return nil
}

func (n *node) set(key string, pos Position, value *node) {
	if n.index == nil {
		n.index = make(map[string]int)
	}
	n.index[key] = len(n.fields)
	n.fields = append(n.fields, field{key, pos, value})
}

// empty reports whether n is a table or an array without content.
func (n *node) empty() bool {
	return n.kind <= arrayKind && len(n.fields) == 0 && len(n.items) == 0
}

// attach gives the scalars below n their values out of the decoded document. It
// reports whether both have the same shape.
func (n *node) attach(value any) bool {
	switch n.kind {
	case tableKind:
		table, ok := value.(map[string]any)
		if !ok || len(table) != len(n.fields) {
			return false
		}
		for _, f := range n.fields {
			if !f.node.attach(table[f.key]) {
				return false
			}
		}
		return true
	case arrayKind:
		array, ok := value.([]any)
		if !ok || len(array) != len(n.items) {
			return false
		}
		for i, item := range n.items {
			if !item.attach(array[i]) {
				return false
			}
		}
		return true
	}
	n.value = value
	return n.hasKind(value)
}

// hasKind reports whether value is a scalar of n's kind.
func (n *node) hasKind(value any) bool {
	switch value.(type) {
	case nil, map[string]any, []any:
		return false
	case string:
		return n.kind == stringKind
	case int64:
		return n.kind == integerKind
	case float64:
		return n.kind == floatKind
	case bool:
		return n.kind == booleanKind
	}
	return n.kind == timeKind
}

// plain returns the value as the TOML library decodes it into an any: maps and
// slices are the caller's.
func (n *node) plain() any {
	switch n.kind {
	case tableKind:
		table := make(map[string]any, len(n.fields))
		for _, f := range n.fields {
			table[f.key] = f.node.plain()
		}
		return table
	case arrayKind:
		array := make([]any, len(n.items))
		for i, item := range n.items {
			array[i] = item.plain()
		}
		return array
	}
	return n.value
}
