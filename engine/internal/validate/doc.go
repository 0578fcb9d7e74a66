// Package validate checks component definitions and gives every definition its type.
//
// [Component] walks a decoded component in file order, builds its index spaces,
// and fills in the fields that package binary documents as filled. What it
// enforces is the component model's validation: index spaces, type equality and
// subtyping, the core signatures of lifted functions and of the functions that
// canonical options name, the options that a type needs, names, external
// visibility of types, and the limits that keep hostile components cheap. The
// code of core modules is not looked at: the compiler validates it.
//
// # Resources in filled types
//
// A resource is known by the pointer of its *types.Resource. The filled types
// introduce new resources, by types.Bound.Sub or as the type of a definition,
// where the component does:
//
//   - an import of a resource, and an imported instance that exports one;
//   - the result of instantiating a component that exports one;
//   - an export with an ascribed type that makes one abstract;
//   - the definition of a resource type.
//
// Every other occurrence, an alias or an unascribed export among them, refers to
// a pointer that an earlier definition has introduced. A linker can therefore
// walk a filled type and the concrete item side by side and bind each resource
// as it comes to it.
package validate
