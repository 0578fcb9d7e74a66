package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// fields2 is the resource fields of version 0.2.
type fields2 struct{ fields }

// asFields2 returns the implementation of a resource.
func asFields2(f p2http.Fields) (*fields2, error) {
	own, ok := f.(*fields2)
	if !ok {
		return nil, abi.Trapf("fields %T were not made by this host", f)
	}
	return own, nil
}

// headerErr2 returns what a guest of version 0.2 sees of an error of fields. The version has no
// code for fields that are too large: they end the guest.
func headerErr2(err error) error {
	switch err {
	case nil:
		return nil
	case errForbidden:
		return p2http.HeaderErrorForbidden()
	case errImmutable:
		return p2http.HeaderErrorImmutable()
	case errTooLarge:
		return err
	}
	return p2http.HeaderErrorInvalidSyntax()
}

// Get implements the function get.
func (f *fields2) Get(_ context.Context, name string) ([][]byte, error) { return f.get(name), nil }

// Has implements the function has.
func (f *fields2) Has(_ context.Context, name string) (bool, error) { return f.has(name), nil }

// Set implements the function set.
func (f *fields2) Set(_ context.Context, name string, values [][]byte) error {
	return headerErr2(f.set(name, values))
}

// Delete implements the function delete.
func (f *fields2) Delete(_ context.Context, name string) error {
	_, err := f.remove(name)
	return headerErr2(err)
}

// Append implements the function append.
func (f *fields2) Append(_ context.Context, name string, value []byte) error {
	return headerErr2(f.add(name, value))
}

// Entries implements the function entries.
func (f *fields2) Entries(context.Context) ([]Field, error) { return f.list, nil }

// Clone implements the function clone.
func (f *fields2) Clone(context.Context) (p2http.Fields, error) { return &fields2{f.clone()}, nil }

// NewFields implements the constructor of fields.
func (types2) NewFields(context.Context) (p2http.Fields, error) { return new(fields2), nil }

// FieldsFromList implements the function fields.from-list.
func (types2) FieldsFromList(_ context.Context, entries []Field) (p2http.Fields, error) {
	f := new(fields2)
	if err := f.fromList(entries); err != nil {
		return nil, headerErr2(err)
	}
	return f, nil
}
