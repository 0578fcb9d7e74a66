package target

// Extern is an import or an export of a component. It has the form of the type of
// the same name in package engine.
type Extern struct {
	Name  string   // in full, with the version
	Kind  string   // "function", "instance" or "type"; others fit no world
	Items []Extern // what an instance exports
	Type  string   // of a function, in the text form of hostapi/wit.Signature
}

// Kinds of an Extern.
const (
	functionKind = "function"
	instanceKind = "instance"
	typeKind     = "type"
)
