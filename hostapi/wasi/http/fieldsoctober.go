package http

import (
	"context"

	"github.com/spinhost/spin/engine/abi"
	octhttp "github.com/spinhost/spin/hostapi/wasi/october/http"
)

// octoberTypes implements wasi:http/types of the snapshot of October 2023. Its resources are those of
// version 0.2 with other constructors; where it has no error to return, what cannot be ends the guest.
type octoberTypes struct{}

var _ octhttp.Types = octoberTypes{}

// octoberFields is the resource fields of the snapshot.
type octoberFields struct{ *fields2 }

// asOctoberFields returns the implementation of a resource.
func asOctoberFields(f octhttp.Fields) (*fields2, error) {
	own, ok := f.(octoberFields)
	if !ok {
		return nil, abi.Trapf("fields %T were not made by this host", f)
	}
	return own.fields2, nil
}

// frozenCopy returns the fields of a message for which a guest only lends its own.
func frozenCopy(f octhttp.Fields) (*fields2, error) {
	own, err := asOctoberFields(f)
	if err != nil {
		return nil, err
	}
	c := &fields2{own.clone()}
	c.frozen = true
	return c, nil
}

// NewFields implements the constructor of fields.
func (octoberTypes) NewFields(_ context.Context, entries []Field) (octhttp.Fields, error) {
	f := octoberFields{new(fields2)}
	if err := f.fromList(entries); err != nil {
		return nil, impossible("fields", err)
	}
	return f, nil
}

// Set implements the function set.
func (f octoberFields) Set(_ context.Context, name string, values [][]byte) error {
	return impossible("fields.set", f.set(name, values))
}

// Delete implements the function delete.
func (f octoberFields) Delete(_ context.Context, name string) error {
	_, err := f.remove(name)
	return impossible("fields.delete", err)
}

// Append implements the function append.
func (f octoberFields) Append(_ context.Context, name string, value []byte) error {
	return impossible("fields.append", f.add(name, value))
}

// Clone implements the function clone.
func (f octoberFields) Clone(context.Context) (octhttp.Fields, error) {
	return octoberFields{&fields2{f.clone()}}, nil
}

// impossible ends a guest that cannot be told of an error.
func impossible(function string, err error) error {
	if err == nil {
		return nil
	}
	return abi.Trapf("%s: %v", function, err)
}
