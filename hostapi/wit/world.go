package wit

// A World describes a component: all that it imports and all that it exports.
type World struct {
	Name    string
	Package *Package

	// What the text of the world itself says, each in order.
	Uses     []*Use
	Types    []*TypeDef
	Items    []*WorldItem // import and export statements
	Includes []*Include

	// Imports and Exports are the whole world: what it and the worlds it includes state, and the imports of
	// interfaces that any of these use. Each import stands after those it depends on.
	Imports []*WorldItem
	Exports []*WorldItem

	Docs      string
	Stability Stability
	Pos       Position
}

// ID names the world, as in "wasi:http/proxy@0.3.0".
func (w *World) ID() string { return w.Package.member(w.Name) }

// Import returns the import with a name such as "wasi:http/types@0.3.0", or nil.
func (w *World) Import(name string) *WorldItem { return findItem(name, w.Imports) }

// Export returns the export with a name such as "wasi:http/handler@0.3.0", or nil.
func (w *World) Export(name string) *WorldItem { return findItem(name, w.Exports) }

// Type returns the type that the world itself defines or uses under name, or nil.
func (w *World) Type(name string) *TypeDef { return findType(name, w.Types, w.Uses) }

func findItem(name string, items []*WorldItem) *WorldItem {
	for _, it := range items {
		if it.Name == name {
			return it
		}
	}
	return nil
}

// A WorldItem is an import or export of a world: an interface, a function or, for imports, a type. Exactly one of
// Interface, Func and Type is set.
type WorldItem struct {
	Name      string // the name on the wire: an interface name or a plain name
	Export    bool
	Interface *Interface
	Func      *Func
	Type      *TypeDef

	// Implicit marks the import of an interface that no statement names but that other items use.
	Implicit bool

	Docs       string
	Stability  Stability
	ExternalID string // the string of @external-id, "" if absent
	Pos        Position
}

// Implements returns the interface whose copy the item is under a plain name, as in
// "import primary: wasi:keyvalue/store", and nil for every other item.
func (it *WorldItem) Implements() *Interface {
	if it.Interface != nil && it.Interface.World == nil && it.Name != it.Interface.ID() {
		return it.Interface
	}
	return nil
}

// plainName reports whether the item goes by a plain name, which include statements can change and must keep apart.
func (it *WorldItem) plainName() bool {
	return it.Interface == nil || it.Interface.World != nil || it.Implements() != nil
}

// An Include is a statement that adds another world's imports and exports.
type Include struct {
	World *World
	With  []Rename

	Docs      string
	Stability Stability
	Pos       Position
}

// A Rename changes a plain name of an included world.
type Rename struct {
	From, To string
	Pos      Position
}
