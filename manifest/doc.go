// Package manifest reads spin.toml, the description of a Spin application.
//
// # Read a manifest
//
// [Load] reads one out of a file system, [Parse] reads text, of version 1 or 2 of
// the format. Both give a [Manifest] that is valid and complete: triggers without
// id have one, components written inside a trigger stand with the others, every
// reference to a component leads to one, and the chosen profile is applied. A
// manifest of version 1 looks as if it were written in version 2.
//
// Nothing outside of the text is looked at: whether files, packages, stores and
// hosts exist is for others to say.
//
// # Show what is wrong
//
// Faults are reported together, as [Errors]. Each [Error] has file, line and
// column, the key, and a message that says what to write instead:
//
//	spin.toml:9:1: component.hello.sorce: unknown key "sorce": did you mean "source"?
//
// Unknown keys are faults, everywhere. Use errors.Is with [ErrSyntax],
// [ErrUnknownKey] and the other causes to tell kinds of faults apart. What works
// and should be written in another way is in [Manifest.Warnings].
//
// # Read what a component may use
//
// A [Component] has what its table says, each part with its place in the file, so
// that whoever uses it can name the line to change: [Component.KeyPos].
// [Dependency] says what provides its imports, and what of its rights that may
// use.
//
// # Read the settings of a trigger
//
// What a [TriggerEntry] says beyond its id, its components and their dependencies
// belongs to the type of the trigger. [Table.Decode] stores it in a struct of the
// trigger's own, with the same strictness, and [Table.KeyPos] tells where a key
// stands, for faults that only the trigger can see. The settings of all triggers
// of a type are a [Table] too.
//
// # Hostile manifests
//
// Any text gives a manifest or an error, in bounded time and memory: there are
// limits on the size of the text, on the number of keys, on nesting and on the
// number of components, triggers, variables and dependencies.
package manifest
