// Package wit reads the WIT language, in which the component model's interfaces and worlds are written, and resolves
// it to a model that code generators and checks can work with. It needs neither an engine nor cgo.
//
// # Reading
//
// [Parse] reads one text, [ParseFS] and [ParseDir] read files and directories with their deps, and a [Loader]
// combines any number of sources under limits and feature gates. All give a [Set]: packages in which every name is
// resolved, every world is elaborated and every rule of the language is checked. Faults come together in an
// [ErrorList], each with file, line and column and a class that errors.Is finds, such as [ErrUndefined].
//
// The language is the one that WIT.md of the component model's specification describes, with async functions,
// streams, futures, maps, and imports that implement an interface under a plain name. Parts of proposals are read as
// well and noted in [Package.Proposals]. Where released tools and WIT use a little more than the grammar allows,
// so does this package: a comma may end any list but those of map, list and result, own<r> may be written for r, and
// @external-id may stand before any import, export or definition of a type. It does not read packages that are
// encoded as WebAssembly.
//
// # The model
//
// A [Package] has interfaces and worlds; an [Interface] has types and functions. References are pointers: a type that
// a use statement brings in is the definition itself, wherever the chain of statements ends. A [Func] is in its full
// form, with the self parameter of a method and the result of a constructor, and knows its name on the wire. The bare
// name of a resource in a type is an [Own].
//
// Documentation is kept as written, without the comment markers, on every item and member that has some; lines are
// joined by newlines. Three slashes or two stars make a comment documentation; with more of them it is a ruler. Other
// comments are dropped.
//
// Feature gates are kept in [Stability], and no item is left out because of one unless [Loader.Keep] says so.
//
// [Set.String] renders canonical text that parses to the same model.
//
// # Signatures
//
// [Signature] renders the type of a function with every named type expanded, so that signatures can be compared as
// text across versions and with those found in components. Its grammar, where quoted text is literal and labels,
// numbers and ids are as in WIT:
//
//	func     := ["async "] "func(" [fields] ")" ["->" type]
//	fields   := label ":" type {"," label ":" type}
//	type     := prim
//	          | "list<" type ["," number] ">"
//	          | "option<" type ">"
//	          | "result" | "result<" type ">" | "result<_," type ">" | "result<" type "," type ">"
//	          | "tuple<" type {"," type} ">"
//	          | "map<" prim "," type ">"
//	          | "stream" | "stream<" type ">"
//	          | "future" | "future<" type ">"
//	          | "record{" fields "}"
//	          | "variant{" case {"," case} "}"
//	          | "enum{" label {"," label} "}"
//	          | "flags{" label {"," label} "}"
//	          | "own<" resource ">"
//	          | "borrow<" resource ">"
//	case     := label ["(" type ")"]
//	resource := [interface] "#" label
//	prim     := "bool" | "s8" | "u8" | "s16" | "u16" | "s32" | "u32" | "s64" | "u64" | "f32" | "f64"
//	          | "char" | "string" | "error-context"
//
// The space after "async" is the only white space. The interface of a resource is [Interface.ID]: an interface name
// such as wasi:http/types@0.3.0, the plain name of an interface written inside a world, or nothing for a resource of
// a world itself. Parameters and results keep their order, and aliases and the names of records, variants, enums and
// flags leave no trace. A label equal to a keyword stands without its %.
package wit
