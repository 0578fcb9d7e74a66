package manifest

import (
	"fmt"
	"reflect"
	"slices"
)

// Pos returns the place of the entry.
func (e *TriggerEntry) Pos() Position { return e.pos }

// KeyPos returns the place of a key of the entry: of KeyPos("route"), or of a key
// further down with KeyPos("executor", "type"). It goes as far down as there are
// keys, so that the result is always a place to show.
func (e *TriggerEntry) KeyPos(path ...string) Position {
	pos, table := e.pos, e.table
	for _, key := range path {
		f := table.get(key)
		if f == nil {
			break
		}
		pos, table = f.pos, f.node
	}
	return pos
}

// Keys returns the keys of the entry that belong to its type, in the order of the
// file: all but id, component, components and dependencies.
func (e *TriggerEntry) Keys() []string {
	var keys []string
	for _, f := range e.own().fields {
		keys = append(keys, f.key)
	}
	return keys
}

// own returns a table of the keys that belong to the entry's type.
func (e *TriggerEntry) own() *node {
	own := &node{kind: tableKind, pos: e.pos}
	if e.table == nil {
		return own
	}
	for _, f := range e.table.fields {
		if !slices.Contains(commonKeys, f.key) {
			own.set(f.key, f.pos, f.node)
		}
	}
	return own
}

// Decode stores the keys that belong to the entry's type in the struct that v
// points to. A key goes to the exported field whose tag has its name, as in
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
func (e *TriggerEntry) Decode(v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("manifest: Decode needs a pointer to a struct, not %T", v)
	}
	c := &collector{}
	d := decoder{collector: c}
	d.structure(e.own(), e.path, target.Elem(), commonKeys)
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
