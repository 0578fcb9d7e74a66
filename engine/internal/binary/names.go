package binary

import (
	"sync"
	"unicode/utf8"
)

// Names is the name section of a component (Binary.md, "Name Section"). Reading
// it is put off until a name is asked for; what cannot be read is skipped. It is
// safe for concurrent use, also if nil.
type Names struct {
	b     []byte
	once  sync.Once
	own   string
	items map[nameKey]string
}

type nameKey struct {
	core  bool
	sort  byte
	index uint32
}

const (
	maxNames    = 100_000 // further ones are left out
	maxNameSize = 1_000   // longer names are cut
)

// Component is the name of the component, "" if it has none.
func (n *Names) Component() string {
	if n == nil {
		return ""
	}
	n.once.Do(n.parse)
	return n.own
}

// Item is the name of an item, "" if it has none.
func (n *Names) Item(s Sort, index uint32) string {
	if s == SortCoreModule || s == SortCoreType {
		return n.find(nameKey{true, byte(s), index})
	}
	return n.find(nameKey{false, byte(s), index})
}

// CoreItem is the name of a core item, "" if it has none.
func (n *Names) CoreItem(s CoreSort, index uint32) string {
	return n.find(nameKey{true, byte(s), index})
}

// CoreInstance is the name of a core instance, "" if it has none.
func (n *Names) CoreInstance(index uint32) string { return n.CoreItem(coreInstanceSort, index) }

func (n *Names) find(k nameKey) string {
	if n == nil {
		return ""
	}
	n.once.Do(n.parse)
	return n.items[k]
}

// parse keeps what it has read when it meets something it cannot read.
func (n *Names) parse() {
	defer func() {
		if v := recover(); v != nil {
			if _, ok := v.(*Error); !ok {
				panic(v)
			}
		}
	}()
	n.items = map[nameKey]string{}
	r := &reader{b: n.b, end: len(n.b)}
	for r.left() > 0 {
		id := r.byte()
		s := r.within(r.u32())
		switch id {
		case 0:
			n.own = cut(s)
		case 1:
			n.sort(s)
		}
	}
}

func (n *Names) sort(r *reader) {
	k := nameKey{sort: r.byte()}
	if k.sort == 0 {
		k.core, k.sort = true, r.byte()
	}
	for count := r.u32(); count > 0 && len(n.items) < maxNames; count-- {
		k.index = r.u32()
		n.items[k] = cut(r)
	}
}

// cut reads a name for display.
func cut(r *reader) string {
	b := r.bytes(r.u32())
	if len(b) > maxNameSize {
		b = b[:maxNameSize]
	}
	if !utf8.Valid(b) {
		return ""
	}
	return string(b)
}
