// Package composition makes one program of a component, of what it depends on, and of what a
// trigger places around it.
//
// Nothing is rewritten for that: composition is linking. Each [Part] is an instance of its own in
// the graph that package engine links, with an import scope of its own, and each of its imports
// gets one of three things:
//
//   - the export of a dependency that is named for it (match.go, fit.go);
//   - a host interface that the part may use, bound to its configuration and identity, with its
//     calls counted (scope.go);
//   - in place of one that it may not use, functions that deny every call with the error that the
//     interface has for that (deny.go).
//
// What triggers place around a component is a chain before it (around.go). Who may use what is
// decided by package capability; where code comes from and what host interfaces are bound to is
// for the caller to say, in a [Spec].
package composition
