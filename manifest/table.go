package manifest

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/spinhost/spin/internal/tomltree"
)

// Table is a part of the manifest whose keys belong to somebody else: a trigger or
// another program. The zero Table is empty.
type Table struct {
	node   *tomltree.Node
	path   string
	pos    Position
	common []string // keys that are not its own
}

// Pos returns the place of the table.
func (t *Table) Pos() Position { return t.pos }

// KeyPos returns the place of a key of the table: of KeyPos("route"), or of a key
// further down with KeyPos("executor", "type"). It goes as far down as there are
// keys, so that the result is always a place to show.
func (t *Table) KeyPos(path ...string) Position { return t.node.KeyPos(t.pos, path) }

// Keys returns the keys in the order of the file. For a trigger these are all but
// id, component, components and dependencies.
func (t *Table) Keys() []string {
	var keys []string
	for _, f := range t.own().Fields {
		keys = append(keys, f.Key)
	}
	return keys
}

// Values returns the keys and values as the TOML library gives them. The map and
// what it contains are the caller's.
func (t *Table) Values() map[string]any {
	return t.own().Plain().(map[string]any)
}

// own returns a node of the keys that are the table's own.
func (t *Table) own() *tomltree.Node {
	own := &tomltree.Node{Kind: tomltree.Table, Pos: t.pos}
	if t.node == nil {
		return own
	}
	for _, f := range t.node.Fields {
		if !slices.Contains(t.common, f.Key) {
			own.Set(f.Key, f.Pos, f.Node)
		}
	}
	return own
}

// Decode stores the keys in the struct that v points to. A key goes to the
// exported field whose tag has its name, as in
//
//	Route string `toml:"route"`
//
// and fields without tag are left alone. A key without field is an error, a field
// without key keeps its value, so that defaults can be set before. Tables are
// stored in structs, or in maps with string keys; arrays in slices. A type that
// implements [Unmarshaler] or, for strings, encoding.TextUnmarshaler decodes
// itself; an empty interface takes what the TOML library would store in it.
//
// The error is [Errors] and has every fault with its position. It is another one
// only if v cannot be decoded into.
func (t *Table) Decode(v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("manifest: Decode needs a pointer to a struct, not %T", v)
	}
	c := &collector{}
	d := decoder{collector: c}
	d.structure(t.own(), t.path, target.Elem(), t.common)
	if d.misuse != nil {
		return d.misuse
	}
	return c.err()
}

// Unmarshaler is implemented by types that decode themselves, such as one that is
// either a string or a table. The method calls decode with pointers to what the
// value may be, which are of other types than its own. An error from decode has
// the position of its fault and can be returned as it is; any other error gets the
// position of the value.
type Unmarshaler interface {
	UnmarshalManifest(decode func(into any) error) error
}

// tables returns the tables within the table of a key, which belong to others.
func (s section) tables(key string) map[string]*Table {
	tables, ok := s.subsection(key)
	if !ok {
		return nil
	}
	m := make(map[string]*Table)
	for _, f := range tables.table.Fields {
		if inner, ok := tables.subsection(f.Key); ok {
			m[f.Key] = &Table{node: inner.table, path: inner.path, pos: f.Pos}
		}
	}
	return m
}
