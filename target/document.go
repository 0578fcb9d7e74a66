package target

import (
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
)

// Bounds on a definition. They are far above what people write. The TOML library needs time that
// grows with the square of the number of keys.
const (
	maxSize  = 64 << 10 // bytes
	maxNodes = 16384    // parts of keys, and values
	maxDepth = 32       // tables and arrays within each other
)

// document is a TOML document and where its keys and values stand.
type document struct {
	*collector
	start  Position
	root   map[string]any
	places map[string]Position // by dotted path; of the value of a key with = behind it
}

// readDocument returns nil if the text cannot be read.
func readDocument(c *collector, file string, data []byte) *document {
	root, fault := tomltree.Parse(file, data, tomltree.Options{What: "definition", MaxSize: maxSize, MaxNodes: maxNodes, MaxDepth: maxDepth})
	if fault != nil {
		cause := ErrSyntax
		if fault.Limit {
			cause = ErrLimit
		}
		c.add(fault.Pos, "", cause, "%s", fault.Msg)
		return nil
	}
	d := &document{collector: c, start: root.Pos, root: root.Plain().(map[string]any), places: map[string]Position{}}
	d.locate("", root)
	return d
}

// locate fills places with what is in a value.
func (d *document) locate(path string, n *tomltree.Node) {
	for _, f := range n.Fields {
		key := tomltree.Path(path, f.Key)
		d.places[key] = f.Pos
		if f.Node.Closed && f.Node.Kind != tomltree.Array {
			d.places[key+"="] = f.Node.Pos
		}
		d.locate(key, f.Node)
	}
	for i, item := range n.Items {
		d.places[index(path, i)] = item.Pos
		d.locate(index(path, i), item)
	}
}

// at returns the place of a path, or of the nearest one around it that has a place.
func (d *document) at(path string) Position {
	for path != "" {
		if pos, ok := d.places[path]; ok {
			return pos
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return d.start
}
