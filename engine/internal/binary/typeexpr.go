package binary

import (
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// TypeExpr is a type definition as written: a *ValExpr, *FuncExpr,
// *ComponentExpr, *InstanceExpr or *ResourceExpr.
type TypeExpr interface{ isTypeExpr() }

func (*ValExpr) isTypeExpr()       {}
func (*FuncExpr) isTypeExpr()      {}
func (*ComponentExpr) isTypeExpr() {}
func (*InstanceExpr) isTypeExpr()  {}
func (*ResourceExpr) isTypeExpr()  {}

// ValRef is a value type within another type: a primitive, or a type index if
// Prim is 0.
type ValRef struct {
	Prim  types.Kind
	Index uint32
}

// ValExpr is a value type. The fields that its Kind needs are set.
type ValExpr struct {
	Kind   types.Kind
	Parts  []LabelRef // fields of Record, cases of Variant; Tuple, without labels
	Labels []string   // Flags, Enum
	Elem   *ValRef    // List, FixedList, Option; Map: key; Result: ok, may be nil; Stream, Future: may be nil
	Other  *ValRef    // Map: value; Result: error, may be nil
	Len    uint32     // FixedList
	Index  uint32     // Own, Borrow: type index of the resource
}

// LabelRef is a labelled value type; a case may have none.
type LabelRef struct {
	Label string
	Type  *ValRef
}

// FuncExpr is a function type.
type FuncExpr struct {
	Params []LabelRef
	Result *ValRef // nil without result
	Async  bool
}

// ResourceExpr is a resource type.
type ResourceExpr struct {
	Rep  corewasm.ValType // I32 or I64
	Dtor *uint32          // core function index, nil without destructor
}

// ComponentExpr is a component type. Its declarations are *CoreTypeDef, *TypeDef, *Alias,
// *OuterAlias, *ImportDecl and *ExportDecl, and have index spaces of their own.
type ComponentExpr struct{ Decls []Def }

// InstanceExpr is an instance type: as ComponentExpr, without imports.
type InstanceExpr struct{ Decls []Def }

// ImportDecl is an import of a component type.
type ImportDecl struct {
	Loc
	Name  string
	Attrs types.Attributes
	Desc  ExternDesc
}

// ExportDecl is an export of a component or instance type.
type ExportDecl struct {
	Loc
	Name  string
	Attrs types.Attributes
	Desc  ExternDesc
}

// ExternDesc is the type of an import or export as written.
type ExternDesc struct {
	Kind  types.ExternKind
	Index uint32 // type index, for core modules core type index
	Sub   bool   // of a type: (sub resource), without index
}

// CoreTypeDef defines a core type. It appends to the core type space. Both Func
// and Module are nil for types that only core modules can use.
type CoreTypeDef struct {
	Loc
	Func   *corewasm.FuncType
	Module *ModuleExpr
	Type   *types.Module // filled, of a Module
}

// ModuleExpr is a core module type. Its declarations are *CoreTypeDef, *CoreOuterAlias,
// *CoreImportDecl and *CoreExportDecl, and have a core type space of their own.
type ModuleExpr struct{ Decls []Def }

// CoreOuterAlias names a core type of a scope Count scopes outward.
type CoreOuterAlias struct {
	Loc
	Count, Index uint32
}

// CoreImportDecl is an import of a core module type.
type CoreImportDecl struct {
	Loc
	Module, Name string
	Desc         CoreDesc
}

// CoreExportDecl is an export of a core module type.
type CoreExportDecl struct {
	Loc
	Name string
	Desc CoreDesc
}

// CoreDesc is the type of a core import or export as written.
type CoreDesc struct {
	Type  corewasm.ExternType // complete but for the function type of functions and tags
	Index uint32              // core type index, for functions and tags
}
