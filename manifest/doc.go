// Package manifest reads spin.toml, the description of a Spin application.
//
// # Read a manifest
//
// [Load] reads one out of a file system, [Parse] reads text. Both give a
// [Manifest] that is valid and complete: triggers without id have one, components
// written inside a trigger stand with the others, and every reference to a
// component leads to one. Of the manifest format this package serves version 2,
// with application, trigger and component tables; parts of the format that it
// does not serve yet are reported as [ErrUnsupported].
//
// # Show what is wrong
//
// Faults are reported together, as [Errors]. Each [Error] has file, line and
// column, the key, and a message that says what to write instead:
//
//	spin.toml:9:1: component.hello.sorce: unknown key "sorce": did you mean "source"?
//
// Unknown keys are faults, everywhere. Use errors.Is with [ErrSyntax],
// [ErrUnsupported] and the other causes to tell kinds of faults apart.
//
// # Read the settings of a trigger
//
// What a [TriggerEntry] says beyond its id and its components belongs to the type
// of the trigger. [TriggerEntry.Decode] stores it in a struct of the trigger's
// own, with the same strictness, and [TriggerEntry.KeyPos] tells where a key
// stands, for faults that only the trigger can see.
//
// # Hostile manifests
//
// Any text gives a manifest or an error, in bounded time and memory: there are
// limits on the size of the text, on the number of keys, on nesting and on the
// number of components and triggers.
package manifest
