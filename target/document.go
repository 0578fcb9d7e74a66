package target

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// maxSize bounds a definition, in bytes. The TOML library needs time that grows with
// the square of the number of keys.
const maxSize = 64 << 10

// document is a TOML document and where its keys and values stand.
type document struct {
	*collector
	file   string
	data   []byte
	lines  []int // offset of the start of each line
	root   map[string]any
	places map[string]Position // by dotted path
	items  map[string]int      // number of tables in an array of tables so far, by its path
}

// readDocument returns nil if the text cannot be read.
func readDocument(c *collector, file string, data []byte) (d *document) {
	d = &document{collector: c, file: file, data: data, lines: []int{0}, places: map[string]Position{}, items: map[string]int{}}
	for i, b := range data {
		if b == '\n' {
			d.lines = append(d.lines, i+1)
		}
	}
	if len(data) > maxSize {
		c.add(d.position(0), "", ErrLimit, "the definition has more than %d bytes", maxSize)
		return nil
	}
	if !utf8.Valid(data) {
		c.add(d.position(0), "", ErrSyntax, "the text is not UTF-8: save the definition as UTF-8")
		return nil
	}
	// The library panics where it takes something for impossible. Text must not be
	// able to stop the program through a mistake there.
	defer func() {
		if r := recover(); r != nil {
			c.add(d.position(0), "", ErrSyntax, "the TOML parser failed: %v", r)
			d = nil
		}
	}()
	if err := toml.Unmarshal(data, &d.root); err != nil {
		c.syntax(d, err)
		return nil
	}
	d.locate()
	return d
}

func (c *collector) syntax(d *document, err error) {
	pos, msg := d.position(0), err.Error()
	var decodeErr *toml.DecodeError
	if errors.As(err, &decodeErr) {
		pos.Line, pos.Column = decodeErr.Position()
	}
	const most = 200
	if msg = strings.TrimPrefix(msg, "toml: "); len(msg) > most {
		msg = strings.ToValidUTF8(msg[:most], "") + "..."
	}
	c.add(pos, "", ErrSyntax, "%s", msg)
}

// position returns the place of a byte.
func (d *document) position(offset int) Position {
	line, found := slices.BinarySearch(d.lines, offset)
	if !found {
		line-- // the line that starts before offset
	}
	return Position{File: d.file, Line: line + 1, Column: offset - d.lines[line] + 1}
}

// at returns the place of a path, or of the nearest one around it that has a place.
func (d *document) at(path string) Position {
	for path != "" {
		if pos, ok := d.places[path]; ok {
			return pos
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return d.position(0)
}

// place keeps where a path is mentioned first.
func (d *document) place(path string, offset uint32) {
	if _, ok := d.places[path]; !ok {
		d.places[path] = d.position(int(offset))
	}
}

// locate fills places. The document is known to be right.
func (d *document) locate() {
	var parser unstable.Parser
	parser.Reset(d.data)
	table := ""
	for parser.NextExpression() {
		expression := parser.Expression()
		switch expression.Kind {
		case unstable.Table:
			table = d.current(d.keys("", expression))
		case unstable.ArrayTable:
			array := d.keys("", expression)
			table = index(array, d.items[array])
			d.places[table] = d.places[array]
			d.items[array]++
		case unstable.KeyValue:
			d.keyValue(table, expression)
		}
	}
}

// keys places the parts of an expression's key and returns its path.
func (d *document) keys(path string, expression *unstable.Node) string {
	for it := expression.Key(); it.Next(); {
		n := it.Node()
		path = join(d.current(path), string(n.Data))
		d.place(path, n.Raw.Offset)
	}
	return path
}

// current returns the path of the last table if path is that of an array of tables.
func (d *document) current(path string) string {
	if n := d.items[path]; n > 0 {
		return index(path, n-1)
	}
	return path
}

func (d *document) keyValue(table string, expression *unstable.Node) {
	d.value(d.keys(table, expression), expression.Value())
}

func (d *document) value(path string, n *unstable.Node) {
	if n.Raw.Length > 0 && !strings.HasSuffix(path, "]") {
		d.places[path+"="] = d.position(int(n.Raw.Offset))
	} else if n.Raw.Length > 0 {
		d.place(path, n.Raw.Offset)
	}
	switch n.Kind {
	case unstable.InlineTable:
		for it := n.Children(); it.Next(); {
			d.keyValue(path, it.Node())
		}
	case unstable.Array:
		i := 0
		for it := n.Children(); it.Next(); i++ {
			d.value(index(path, i), it.Node())
		}
	}
}
