package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// fields3 is the resource fields of version 0.3.
type fields3 struct{ fields }

// asFields3 returns the implementation of a resource.
func asFields3(f p3http.Fields) (*fields3, error) {
	own, ok := f.(*fields3)
	if !ok {
		return nil, abi.Trapf("fields %T were not made by this host", f)
	}
	return own, nil
}

// headerErr3 returns what a guest of version 0.3 sees of an error of fields.
func headerErr3(err error) error {
	switch err {
	case nil:
		return nil
	case errForbidden:
		return p3http.HeaderErrorForbidden()
	case errImmutable:
		return p3http.HeaderErrorImmutable()
	case errTooLarge:
		return p3http.HeaderErrorSizeExceeded()
	}
	return p3http.HeaderErrorInvalidSyntax()
}

// Get implements the function get.
func (f *fields3) Get(_ context.Context, name string) ([][]byte, error) { return f.get(name), nil }

// Has implements the function has.
func (f *fields3) Has(_ context.Context, name string) (bool, error) { return f.has(name), nil }

// Set implements the function set.
func (f *fields3) Set(_ context.Context, name string, values [][]byte) error {
	return headerErr3(f.set(name, values))
}

// Delete implements the function delete.
func (f *fields3) Delete(_ context.Context, name string) error {
	_, err := f.remove(name)
	return headerErr3(err)
}

// GetAndDelete implements the function get-and-delete.
func (f *fields3) GetAndDelete(_ context.Context, name string) ([][]byte, error) {
	values, err := f.remove(name)
	return values, headerErr3(err)
}

// Append implements the function append.
func (f *fields3) Append(_ context.Context, name string, value []byte) error {
	return headerErr3(f.add(name, value))
}

// CopyAll implements the function copy-all.
func (f *fields3) CopyAll(context.Context) ([]Field, error) { return f.list, nil }

// Clone implements the function clone.
func (f *fields3) Clone(context.Context) (p3http.Fields, error) { return &fields3{f.clone()}, nil }

// NewFields implements the constructor of fields.
func (types3) NewFields(context.Context) (p3http.Fields, error) {
	return &fields3{fields{strict: true}}, nil
}

// FieldsFromList implements the function fields.from-list.
func (types3) FieldsFromList(_ context.Context, entries []Field) (p3http.Fields, error) {
	f := &fields3{fields{strict: true}}
	if err := f.fromList(entries); err != nil {
		return nil, headerErr3(err)
	}
	return f, nil
}
