package runtimeconfig

import "github.com/spinhost/spin/internal/tomltree"

// Bounds on a configuration. They are far above what people write and keep the
// cost of the worst text small.
const (
	maxSize  = 1 << 20 // bytes
	maxNodes = 16384   // parts of keys, and values
	maxDepth = 32      // tables and arrays within each other
)

// place says where a key and its value stand.
type place struct {
	key, value Position
	node       *tomltree.Node // nil if the document has no such value
}

// field returns the place of a key of a table, never nil.
func (p *place) field(name string) *place {
	if f := p.node.Get(name); f != nil {
		return &place{f.Pos, f.Node.Pos, f.Node}
	}
	return &place{key: p.key, value: p.value}
}

// item returns the place of an element of an array, never nil.
func (p *place) item(i int) *place {
	if p.node == nil || i >= len(p.node.Items) {
		return &place{key: p.key, value: p.value}
	}
	item := p.node.Items[i]
	if p.node.Closed {
		return &place{p.value, item.Pos, item}
	}
	return &place{item.Pos, item.Pos, item} // [[a]]
}

// parseDocument decodes TOML, and finds out where everything stands.
func parseDocument(file string, data []byte) (map[string]any, *place, error) {
	root, fault := tomltree.Parse(file, data, tomltree.Options{What: "file", MaxSize: maxSize, MaxNodes: maxNodes, MaxDepth: maxDepth})
	if fault != nil {
		cause := ErrSyntax
		if fault.Limit {
			cause = ErrLimit
		}
		return nil, nil, Errors{{Pos: fault.Pos, Msg: fault.Msg, Err: cause}}
	}
	return root.Plain().(map[string]any), &place{root.Pos, root.Pos, root}, nil
}
