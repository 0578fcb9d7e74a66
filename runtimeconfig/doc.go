// Package runtimeconfig reads the runtime configuration of a Spin host: the TOML
// file that says which stores, databases, variable providers and limits the apps
// of a host have.
//
// # Read it
//
// [Load] reads a file, [Parse] text:
//
//	state_dir = "data"
//
//	[key_value_store.cache]
//	type = "redis"
//	url = "redis://kv.example:6379"
//
//	[outbound_networking]
//	block_networks = ["private"]
//
// What has one meaning everywhere, limits, networks and client certificates, is
// checked and stands in [Config] as it is to be used.
//
// # Build what it describes
//
// Stores, databases, providers and the computing of language models have a type,
// and each type has keys of its own. They are [Section] values: whoever builds a
// type looks at [Section.Type] and calls [Section.Decode] with a struct of its keys,
// [KeyValueFile] for instance. [Section.UnknownType] is the error for all other
// types, [Section.Fault] one for a value that cannot be used. Hosts with
// configuration of their own name further tables when they call Parse, and decode
// them the same way.
//
// Relative names of files mean what they mean in Spin: state_dir, log_dir, the
// files of SQLite databases and of environments are as they are written, relative
// to the folder that the program runs in; all others, which are of the type [Path],
// are relative to the folder of the configuration.
//
// # Show what is wrong
//
// Faults are reported together, as [Errors]. Each [Error] has file, line and
// column, the key, and a message that says what to write instead. Unknown keys are
// faults, everywhere. Any text gives a configuration or an error, in bounded time
// and memory.
package runtimeconfig
