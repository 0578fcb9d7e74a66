package trigger

import "io/fs"

// Describer is implemented by a Trigger that says what its components must be like, so that an app
// can be checked before it is deployed where the trigger is.
type Describer interface {
	// Exports lists the interfaces of which a component must export one, by their ids. Without
	// any a component need not export anything.
	Exports() []string
	// WIT has these interfaces: files that end in .wit, in any folders, with what they use. It is
	// nil if they are among those that come with spin.
	WIT() fs.FS
	// Features lists what components of the trigger may require of their host, such as
	// "local_service_chaining". That of a [Composer] comes by itself.
	Features() []string
}
