package binary

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// CoreBody is the whole inside of a component that was made of a core module, whose imports and
// exports stand, by their names, for those of the component. It takes the place of the
// definitions with which tools wrap such a module, and comes after those of the imports. No
// binary has it: package componentize makes it, with all types filled in and checked.
type CoreBody struct {
	Loc
	Module  *CoreModule
	Imports []BodyImport  // one for each import of Module, in its order
	Extra   []*CoreModule // made after Module; each import is the export of Module by that name
	Exports []BodyExport
}

// BodyImport is what a core import stands for: a function of the component's import From, or a
// built-in that has Resource.
type BodyImport struct {
	Sort     Sort   // of From: SortInstance or SortFunc
	From     uint32 // index in the space of Sort
	Name     string // of the function in the instance
	Func     *types.Func
	Options  BodyOptions
	CoreType corewasm.FuncType

	Op       CanonOp // ResourceNew, ResourceDrop or ResourceRep; 0 for a function
	Resource *types.Resource
}

// BodyExport is an export: a function, or an instance whose functions are Funcs, in the order
// of the exports of its type.
type BodyExport struct {
	Extern types.Extern
	Funcs  []BodyFunc
	Dtors  map[*types.Resource]string // destructors, exports of Module, of the resources that the instance introduces
}

// BodyFunc is an exported function.
type BodyFunc struct {
	Func       *types.Func
	Core       string // the core function, an export
	Extra      int    // of Extra[Extra-1] or, if that is 0, of Module
	PostReturn string // "" for none
	Options    BodyOptions
}

// BodyOptions are canonical options: exports of Module, "" for none.
type BodyOptions struct {
	Encoding        Encoding
	Memory, Realloc string
}
