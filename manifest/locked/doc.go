// Package locked reads and writes locked applications: the JSON, usually in a file
// named spin.lock, in which tools hand an application to the host that runs it.
// Everything in it is resolved: triggers have ids, components that were written
// inside triggers stand with the others, a profile is applied, and each Wasm file
// is named by URL, digest or content.
//
// # Read and write
//
// [Parse] gives an [App] or every fault of the text, each with offset, line and the
// path of the value. [App.Marshal] gives the JSON that Spin reads, and what Spin
// writes is read here. Keys of metadata and of the configuration of triggers that
// this package does not know are kept.
//
// # Decide whether to run it
//
// An app can require features of its host. Requirements that nobody knows are
// errors of Parse; [App.CheckRequirements] compares the others with what the host
// and a trigger offer. What is required optionally is dropped.
//
// # Change it
//
// [App.Select] keeps some of the components. [App.MoveTriggerDependencies] brings
// what triggers place around their component to the component, so that each id of a
// component stands for one composition.
//
// # Hostile input
//
// Any bytes give an app or an error, in bounded time and memory: size, nesting and
// the number of values have limits.
package locked
