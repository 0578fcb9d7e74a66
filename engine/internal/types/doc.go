// Package types represents the types of the component model: value types with
// their layout in linear memory and their flattening to core values, function
// types with the core signatures they lift from and lower to, and the types of
// instances, components and modules.
//
// # Value and function types
//
// An [Arena] makes [Val] and [Func] values and interns them: within one arena
// two types are equal exactly if their pointers are. Everything the Canonical
// ABI needs to know about a type (alignment, elem_size, flatten_type) is
// computed when the type is made, and every constructor enforces the limits
// that keep those computations in range, whatever the input.
//
// # Resources
//
// A [Resource] is identified by its pointer. The type of an instance or of a
// component introduces resources by [Bound.Sub] and refers to earlier ones by
// [Bound.Eq]. [Match] compares a required type with a supplied one and binds
// the resources that the required type introduces to those that are supplied
// for them; [Subst] replaces resources by others.
//
// # Text
//
// Value and function types have a text form, in which named types are written
// out and resources are named, for example
//
//	async func(request:own<wasi:http/types@0.3.0#request>)->result<_,string>
//
// The String methods print it, for messages; [Arena.ParseVal] and
// [Arena.ParseFunc] read it, for the signatures of host functions.
package types
