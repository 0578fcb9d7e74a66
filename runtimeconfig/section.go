package runtimeconfig

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// Section is one table whose keys depend on its type.
type Section struct {
	// Label names a store or a database among the others; it is empty elsewhere.
	Label string
	// Type says what to build, redis for instance. It is empty in the tables of
	// a host's own, where type is a key as any other.
	Type string

	table  map[string]any
	places *place
	path   string
	dir    string
	own    []string // keys that are not left to Decode
}

// Pos returns the place of the section.
func (s *Section) Pos() Position { return s.at().key }

// at is never nil, so that sections which were not parsed have methods too.
func (s *Section) at() *place {
	if s.places == nil {
		return &place{}
	}
	return s.places
}

// Path returns the dotted path of the section, such as key_value_store.cache.
func (s *Section) Path() string { return s.path }

// Decode stores the keys of the section, but for type, in the struct that v points
// to. A key goes to the exported field whose tag has its name, as in
//
//	URL string `toml:"url"`
//
// A key without field is an error, a field without key keeps its value, so that
// defaults can be set before; a pointer tells whether there was a key. Tables are
// stored in structs, or in maps with string keys, arrays in slices. A [Path] is
// made relative to the folder of the configuration; a type that implements
// encoding.TextUnmarshaler decodes a string itself.
//
// The error is [Errors] and has every fault with its position. It is another one
// only if v cannot be decoded into.
func (s *Section) Decode(v any) error {
	target := reflect.ValueOf(v)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("runtimeconfig: Decode needs a pointer to a struct, not %T", v)
	}
	d := &decoder{faults: &faults{}, dir: s.dir}
	d.structure(s.table, s.at(), s.path, target.Elem(), s.own)
	if d.misuse != nil {
		return d.misuse
	}
	return d.err()
}

// Fault returns an error about a key of the section, or about all of it if key is
// empty, for what only the one who builds it can see.
func (s *Section) Fault(key string, cause error, msg string) *Error {
	if key == "" {
		return &Error{s.Pos(), s.path, msg, cause}
	}
	at := s.at()
	if _, ok := s.table[key]; ok {
		at = at.field(key)
	}
	return &Error{at.value, tomltree.Path(s.path, key), msg, cause}
}

// UnknownType returns the error for a section whose type is none of the known ones.
func (s *Section) UnknownType(known ...string) *Error {
	msg := "unknown type " + wording.Quote(s.Type) + ": "
	if near := wording.Nearest(s.Type, known); near != "" {
		msg += "did you mean " + wording.Quote(near) + "?"
	} else if len(known) > 0 {
		msg += "write one of " + strings.Join(known, ", ")
	} else {
		msg += "there are none here, remove the table"
	}
	return s.Fault("type", ErrUnknownType, msg)
}
