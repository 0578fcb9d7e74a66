// Package binary decodes component binaries into a tree of definitions.
//
// A [Component] holds its definitions in the order of the file, each as a value
// of its own struct: every definition appends to one index space, in that
// order, and refers to earlier entries by index. [Decode] checks the syntax
// only. Indices are not yet known to be in bounds, and fields that are
// documented as filled are empty until package validate has judged the
// component.
//
// The format is that of the component model's Binary.md. Input is taken to be
// hostile: counts are checked against limits and against the bytes that are
// left before anything is allocated, nesting is bounded, and Decode returns an
// *Error and never panics.
package binary
