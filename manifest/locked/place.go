package locked

import (
	"bytes"
	"sort"

	"github.com/spinhost/spin/manifest"
)

// places says where in the JSON of an app the lines of its manifest come from.
type places struct {
	file  string
	data  []byte
	root  *node
	lines []int  // offset of the start of each line of data
	from  []step // to what the lines being written are made of
	made  []origin
}

// origin is of what a line is made: a value, or the one of a key that it has, which may have another
// name there.
type origin struct {
	from []step
	key  string
}

// newPlaces returns nil, which notes nothing, for text that is no locked app.
func newPlaces(file string, data []byte) *places {
	if data == nil {
		return nil
	}
	root := readTree(&collector{data: data})
	if root == nil {
		return nil
	}
	p := &places{file: file, data: data, root: root, lines: []int{0}}
	for i := 0; ; {
		n := bytes.IndexByte(data[i:], '\n')
		if n < 0 {
			return p
		}
		i += n + 1
		p.lines = append(p.lines, i)
	}
}

// position gives the place in the JSON for one in the manifest. All of a line come from one value.
func (p *places) position(pos manifest.Position) manifest.Position {
	offset := p.root.offset
	if pos.Line >= 1 && pos.Line <= len(p.made) {
		offset = p.offset(p.made[pos.Line-1])
	}
	line := sort.SearchInts(p.lines, offset+1)
	return manifest.Position{File: p.file, Line: line, Column: offset - p.lines[line-1] + 1}
}

// lockedKeys are the keys of a manifest that have other names in a locked app.
var lockedKeys = map[string][]string{
	"environment":      {"env"},
	"variables":        {"config"},
	"sqlite_databases": {metadataKey, databasesKey},
}

const metadataKey = "metadata"

func (p *places) offset(o origin) int {
	n, offset := p.root, p.root.offset
	for _, s := range o.from {
		if n, offset = n.step(s, offset); n == nil {
			return offset
		}
	}
	for _, keys := range [][]string{{o.key}, lockedKeys[o.key], {metadataKey, o.key}, {"trigger_config", o.key}} {
		at, inner := n, offset
		for _, k := range keys {
			if at != nil {
				at, inner = at.step(key(k), inner)
			}
		}
		if at != nil && len(keys) > 0 {
			return inner
		}
	}
	return offset
}

func key(name string) step { return step{name, -1} }
func item(i int) step      { return step{"", i} }

// step goes one step from a value that stands at an offset: to nil if there is nothing.
func (n *node) step(s step, offset int) (*node, int) {
	switch {
	case s.index < 0:
		if i, ok := n.index[s.key]; ok {
			return n.fields[i].node, n.fields[i].offset
		}
	case s.index < len(n.items):
		return n.items[s.index], n.items[s.index].offset
	}
	return nil, offset
}
