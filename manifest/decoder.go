package manifest

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/tomltree"
)

// decoder stores nodes in Go values.
type decoder struct {
	*collector
	misuse error // the Go type cannot be decoded into
}

// structure stores a table in a struct. Other keys that exist are proposed where a
// key is unknown.
func (d *decoder) structure(n *tomltree.Node, path string, v reflect.Value, others []string) {
	fields := taggedFields(v.Type())
	for _, f := range n.Fields {
		if d.full() {
			return
		}
		at := tomltree.Path(path, f.Key)
		if i := slices.IndexFunc(fields, func(t taggedField) bool { return t.name == f.Key }); i >= 0 {
			d.value(f.Node, at, v.Field(fields[i].index))
			continue
		}
		known := slices.Clone(others)
		for _, t := range fields {
			known = append(known, t.name)
		}
		d.add(f.Pos, at, ErrUnknownKey, unknownKey(f.Key, known))
	}
}

type taggedField struct {
	name  string
	index int
}

// taggedFields returns the fields of a struct that have a toml tag.
func taggedFields(t reflect.Type) []taggedField {
	var fields []taggedField
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("toml"), ",")
		if name != "" && name != "-" && f.IsExported() {
			fields = append(fields, taggedField{name, i})
		}
	}
	return fields
}

// value stores a node in a Go value that can be set.
func (d *decoder) value(n *tomltree.Node, path string, v reflect.Value) {
	if n.Kind == tomltree.Time && reflect.TypeOf(n.Value).AssignableTo(v.Type()) {
		v.Set(reflect.ValueOf(n.Value))
		return
	}
	if d.custom(n, path, v) {
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, path, v.Elem())
	case reflect.Struct:
		if d.expect(n, path, tomltree.Table) {
			d.structure(n, path, v, nil)
		}
	case reflect.Map:
		d.mapping(n, path, v)
	case reflect.Slice:
		d.slice(n, path, v)
	default:
		d.scalar(n, path, v)
	}
}

// custom lets types decode themselves.
func (d *decoder) custom(n *tomltree.Node, path string, v reflect.Value) bool {
	if v.Kind() == reflect.Pointer || !v.CanAddr() {
		return false
	}
	switch u := v.Addr().Interface().(type) {
	case Unmarshaler:
		err := u.UnmarshalManifest(func(into any) error { return d.nested(n, path, into) })
		var faults Errors
		if errors.As(err, &faults) {
			for _, f := range faults {
				d.add(f.Pos(), f.Key, f.Err, f.Msg)
			}
		} else if err != nil {
			d.add(n.Pos, path, err, err.Error())
		}
		return true
	case encoding.TextUnmarshaler:
		if !d.expect(n, path, tomltree.String) {
			return true
		}
		if err := u.UnmarshalText([]byte(n.Value.(string))); err != nil {
			d.add(n.Pos, path, err, err.Error())
		}
		return true
	}
	return false
}

// nested decodes on behalf of an Unmarshaler.
func (d *decoder) nested(n *tomltree.Node, path string, into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("manifest: decode needs a pointer, not %T", into)
	}
	inner := decoder{collector: &collector{}}
	inner.value(n, path, v.Elem())
	if inner.misuse != nil {
		return inner.misuse
	}
	return inner.err()
}

func (d *decoder) expect(n *tomltree.Node, path string, k tomltree.Kind) bool {
	if n.Kind != k {
		section{d.collector, nil, ""}.wrongKind(n, path, k.String())
	}
	return n.Kind == k
}

func (d *decoder) mapping(n *tomltree.Node, path string, v reflect.Value) {
	if v.Type().Key().Kind() != reflect.String {
		d.unsuitable(v)
		return
	}
	if !d.expect(n, path, tomltree.Table) {
		return
	}
	m := reflect.MakeMapWithSize(v.Type(), len(n.Fields))
	for _, f := range n.Fields {
		element := reflect.New(v.Type().Elem()).Elem()
		d.value(f.Node, tomltree.Path(path, f.Key), element)
		m.SetMapIndex(reflect.ValueOf(f.Key).Convert(v.Type().Key()), element)
	}
	v.Set(m)
}

func (d *decoder) slice(n *tomltree.Node, path string, v reflect.Value) {
	if !d.expect(n, path, tomltree.Array) {
		return
	}
	list := reflect.MakeSlice(v.Type(), len(n.Items), len(n.Items))
	for i, item := range n.Items {
		d.value(item, path+"["+strconv.Itoa(i)+"]", list.Index(i))
	}
	v.Set(list)
}

func (d *decoder) unsuitable(v reflect.Value) {
	d.misuse = errors.Join(d.misuse, fmt.Errorf("manifest: cannot decode into %s", v.Type()))
}
