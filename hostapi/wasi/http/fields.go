package http

import (
	"errors"
	"slices"

	"github.com/spinhost/spin/engine/abi"
)

// Field is one field of a header or trailer section: its name, in lower case, and its value.
type Field = abi.Tuple2[string, []byte]

// maxFields is the greatest size of fields that a guest makes, in bytes. A field counts as
// HTTP/2 counts it: its name, its value, and 32 bytes.
const (
	maxFields     = 128 << 10
	fieldOverhead = 32
)

// Why fields cannot be changed. The versions of the interface have codes of their own for it.
var (
	errSyntax    = errors.New("name or value has a character that fields cannot have")
	errForbidden = errors.New("field name is one that only the host may use")
	errImmutable = errors.New("fields cannot be changed")
	errTooLarge  = errors.New("fields take more than 128 KiB")
)

// fields is what the resources named fields share. Those of one name are together, in the
// order in which they were added.
type fields struct {
	list   []Field
	size   int
	frozen bool
	strict bool // content-length must be a number
}

// find returns where the fields of a name, in lower case, are.
func (f *fields) find(name string) (from, to int) {
	for from < len(f.list) && f.list[from].F0 != name {
		from++
	}
	for to = from; to < len(f.list) && f.list[to].F0 == name; to++ {
	}
	return from, to
}

// get returns the values of a name. They must not be changed.
func (f *fields) get(name string) [][]byte {
	if !IsToken(name) {
		return nil
	}
	from, to := f.find(lower(name))
	if from == to {
		return nil
	}
	values := make([][]byte, to-from)
	for i := range values {
		values[i] = f.list[from+i].F1
	}
	return values
}

func (f *fields) has(name string) bool {
	if !IsToken(name) {
		return false
	}
	from, to := f.find(lower(name))
	return from < to
}

// check returns the name in lower case if a guest may change its fields in this way.
func (f *fields) check(name string, values [][]byte) (string, error) {
	if !IsToken(name) {
		return "", errSyntax
	}
	name = lower(name)
	if forbidden[name] {
		return "", errForbidden
	}
	for _, v := range values {
		if !IsValue(v) {
			return "", errSyntax
		}
		if _, ok := parseLength(v); f.strict && !ok && name == "content-length" {
			return "", errSyntax
		}
	}
	if f.frozen {
		return "", errImmutable
	}
	return name, nil
}

// set gives a name these values in place of its own.
func (f *fields) set(name string, values [][]byte) error {
	name, err := f.check(name, values)
	if err != nil {
		return err
	}
	from, to := f.find(name)
	size := f.size - sizeOf(f.list[from:to])
	for _, v := range values {
		if size += len(name) + len(v) + fieldOverhead; size > maxFields {
			return errTooLarge
		}
	}
	added := make([]Field, len(values))
	for i, v := range values {
		added[i] = Field{F0: name, F1: v}
	}
	f.list, f.size = slices.Replace(f.list, from, to, added...), size
	return nil
}

// add gives a name one more value.
func (f *fields) add(name string, value []byte) error {
	name, err := f.check(name, [][]byte{value})
	if err != nil {
		return err
	}
	size := f.size + len(name) + len(value) + fieldOverhead
	if size > maxFields {
		return errTooLarge
	}
	_, to := f.find(name)
	f.list, f.size = slices.Insert(f.list, to, Field{F0: name, F1: value}), size
	return nil
}

// remove removes the fields of a name and returns their values.
func (f *fields) remove(name string) ([][]byte, error) {
	name, err := f.check(name, nil)
	if err != nil {
		return nil, err
	}
	values := f.get(name)
	from, to := f.find(name)
	f.size -= sizeOf(f.list[from:to])
	f.list = slices.Delete(f.list, from, to)
	return values, nil
}

// fromList makes fields of what a guest gives. The list becomes its own: a field is never
// inserted behind the place from which it was taken.
func (f *fields) fromList(list []Field) error {
	f.list = list[:0]
	for _, e := range list {
		if err := f.add(e.F0, e.F1); err != nil {
			return err
		}
	}
	return nil
}

// clone returns a copy that can be changed.
func (f *fields) clone() fields {
	return fields{list: slices.Clone(f.list), size: f.size, strict: f.strict}
}

func sizeOf(list []Field) (n int) {
	for _, e := range list {
		n += len(e.F0) + len(e.F1) + fieldOverhead
	}
	return n
}

// contentLength returns the length that content-length gives, -1 without one. It fails if the
// values disagree or are no numbers.
func (f *fields) contentLength() (int64, error) {
	from, to := f.find("content-length")
	length := int64(-1)
	for _, e := range f.list[from:to] {
		n, ok := parseLength(e.F1)
		if !ok || length >= 0 && n != length {
			return 0, errSyntax
		}
		length = n
	}
	return length, nil
}
