package binary

import (
	"fmt"

	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// Component is a component definition. It refers to the bytes that were decoded
// and keeps them alive.
type Component struct {
	Defs    []Def     // in the order of the file
	Imports []*Import // those of Defs
	Exports []*Export // those of Defs

	Offset, Size int        // in the root binary, in bytes
	Parent       *Component // nil for the root
	Depth        int        // 0 for the root
	Index        int        // among the components nested in Parent, in file order

	Names *Names // the name section, nil if there is none

	Type *types.Component // filled
}

// Path says where the component lies in the root, for messages: "" for the root,
// "component 2 / component 0" for the first component in the third one.
func (c *Component) Path() string {
	if c.Parent == nil {
		return ""
	}
	return nestedPath(c.Parent, c.Index)
}

func nestedPath(parent *Component, index int) string {
	path := fmt.Sprintf("component %d", index)
	if outer := parent.Path(); outer != "" {
		return outer + " / " + path
	}
	return path
}

// Def is one definition. Its dynamic type is a pointer to one of the structs of
// this package that embed Loc.
type Def interface{ Pos() int }

// Loc is where a definition stands.
type Loc struct{ Offset int } // in the root binary, in bytes

// Pos returns the offset.
func (l Loc) Pos() int { return l.Offset }

// CoreModule defines a core module. It appends to the core module space.
type CoreModule struct {
	Loc
	Bytes []byte // part of the input
	Info  *corewasm.Module
	Type  *types.Module // filled
}

// CoreInstantiate instantiates a core module. It appends to the core instance space.
type CoreInstantiate struct {
	Loc
	Module uint32
	Args   []CoreArg
}

// CoreArg gives the core instance that the imports of one module name come from.
type CoreArg struct {
	Name     string
	Instance uint32
}

// CoreInline makes a core instance of core items. It appends to the core
// instance space.
type CoreInline struct {
	Loc
	Exports []CoreExport
}

// CoreExport is one export of a CoreInline.
type CoreExport struct {
	Name  string
	Sort  CoreSort
	Index uint32
}

// CoreAlias names an export of a core instance. It appends to the space of its
// sort: functions, tables, memories, globals or tags.
type CoreAlias struct {
	Loc
	Sort     CoreSort
	Instance uint32
	Name     string
}

// ComponentDef defines a nested component. It appends to the component space.
type ComponentDef struct {
	Loc
	Component *Component
}

// Instantiate instantiates a component. It appends to the instance space.
type Instantiate struct {
	Loc
	Component uint32
	Args      []Arg
	Result    *types.Instance // filled: its resources are its own
}

// Arg is what is given for one import of the instantiated component. An
// argument that the component does not import is ignored.
type Arg struct {
	Name  string
	Sort  Sort
	Index uint32
	Type  types.ExternType // filled
}

// InlineInstance makes an instance of items. It appends to the instance space.
type InlineInstance struct {
	Loc
	Exports []InlineExport
	Result  *types.Instance // filled
}

// InlineExport is one export of an InlineInstance.
type InlineExport struct {
	Name  string
	Attrs types.Attributes
	Sort  Sort
	Index uint32
}

// Alias names an export of an instance. It appends to the space of its sort.
type Alias struct {
	Loc
	Sort     Sort
	Instance uint32
	Name     string
	Type     types.ExternType // filled; a type is bound by eq
}

// OuterAlias names a definition of an enclosing scope, Count scopes outward. It
// appends to the space of its sort: core modules, core types, components or types.
type OuterAlias struct {
	Loc
	Sort  Sort
	Count uint32
	Index uint32
}

// TypeDef defines a type. It appends to the type space. Type is filled: a *types.Val,
// *types.Func, *types.Instance or *types.Component, or, if Expr is a *ResourceExpr,
// a *types.Resource that stands for another resource in each instance.
type TypeDef struct {
	Loc
	Expr TypeExpr
	Type types.Def
}

// Import is an import. It appends to the space of its kind.
type Import struct {
	Loc
	Name  string
	Attrs types.Attributes
	Desc  ExternDesc
	Type  types.ExternType // filled: its resources are its own
}

// Export is an export. It appends to the space of its sort an entry of type Type.
type Export struct {
	Loc
	Name     string
	Attrs    types.Attributes
	Sort     Sort
	Index    uint32
	Ascribed *ExternDesc      // nil without
	Type     types.ExternType // filled; the resources that an ascription introduces are its own
}
