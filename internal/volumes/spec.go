package volumes

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/mounts"
	"github.com/spinhost/spin/manifest"
)

// specOf says what a component wants, in the words of package mounts.
func specOf(c *manifest.Component) (spec mounts.Spec) {
	for _, f := range c.Files {
		e := mounts.Entry{Source: f.Source.Value, Pos: f.Pos}
		if f.Destination != nil {
			e.Table, e.Destination = true, f.Destination.Value
		}
		spec.Files = append(spec.Files, e)
	}
	for _, x := range c.ExcludeFiles {
		spec.Exclude = append(spec.Exclude, mounts.Exclude{Pattern: x.Value, Pos: x.Pos})
	}
	return spec
}

// placed gives errors about files their places.
func placed(c *manifest.Component, err error) []error {
	var errs []error
	var faults mounts.Errors
	if errors.As(err, &faults) {
		for _, f := range faults {
			errs = append(errs, fault.At(f.Pos, fault.Reword(f, f.Key+": "+f.Detail())))
		}
		return errs
	}
	for _, e := range fault.Split(err) {
		var f *fault.Error
		if !errors.As(e, &f) {
			e = fault.At(c.KeyPos("files"), fmt.Errorf("files: %w", e))
		}
		errs = append(errs, e)
	}
	return errs
}
