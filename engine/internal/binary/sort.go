package binary

import (
	"fmt"

	"github.com/spinhost/spin/engine/internal/types"
)

// CoreSort is a sort of core definitions, by its byte in the format.
type CoreSort byte

// The core sorts.
const (
	CoreFunc         CoreSort = 0x00
	CoreTable        CoreSort = 0x01
	CoreMemory       CoreSort = 0x02
	CoreGlobal       CoreSort = 0x03
	CoreTag          CoreSort = 0x04
	coreTypeSort     CoreSort = 0x10
	coreModuleSort   CoreSort = 0x11
	coreInstanceSort CoreSort = 0x12
)

func (s CoreSort) String() string {
	switch s {
	case CoreFunc:
		return "core func"
	case CoreTable:
		return "core table"
	case CoreMemory:
		return "core memory"
	case CoreGlobal:
		return "core global"
	case CoreTag:
		return "core tag"
	case coreTypeSort:
		return "core type"
	case coreModuleSort:
		return "core module"
	case coreInstanceSort:
		return "core instance"
	}
	return fmt.Sprintf("core sort %#x", byte(s))
}

// Sort is a sort of what components import, export and alias. Its value is the
// sort's byte in the format, or that of the core sort.
type Sort byte

// The sorts. SortCoreType occurs in outer aliases only.
const (
	SortFunc       Sort = 0x01
	SortValue      Sort = 0x02
	SortType       Sort = 0x03
	SortComponent  Sort = 0x04
	SortInstance   Sort = 0x05
	SortCoreType        = Sort(coreTypeSort)
	SortCoreModule      = Sort(coreModuleSort)
)

func (s Sort) String() string {
	switch s {
	case SortFunc:
		return "func"
	case SortValue:
		return "value"
	case SortType:
		return "type"
	case SortComponent:
		return "component"
	case SortInstance:
		return "instance"
	case SortCoreType:
		return "core type"
	case SortCoreModule:
		return "core module"
	}
	return fmt.Sprintf("sort %#x", byte(s))
}

// Kind is the kind of import or export that an item of sort s makes; 0 for core types.
func (s Sort) Kind() types.ExternKind {
	switch s {
	case SortFunc:
		return types.FuncExtern
	case SortValue:
		return types.ValueExtern
	case SortType:
		return types.TypeExtern
	case SortComponent:
		return types.ComponentExtern
	case SortInstance:
		return types.InstanceExtern
	case SortCoreModule:
		return types.ModuleExtern
	}
	return 0
}

// sort reads a sort that imports, exports and arguments may have.
func (r *reader) sort(what string) Sort {
	c := r.byte()
	switch s := Sort(c); s {
	case SortFunc, SortType, SortComponent, SortInstance:
		return s
	case SortValue:
		r.unsupported("a value as " + what)
	case 0:
		if k := CoreSort(r.byte()); k != coreModuleSort {
			r.pos--
			r.badByte(byte(k), "core sort of "+what)
		}
		return SortCoreModule
	}
	r.pos--
	r.badByte(c, "sort of "+what)
	return 0
}

// coreSort reads a sort of what core instances export.
func (r *reader) coreSort(what string) CoreSort {
	c := r.byte()
	if c > byte(CoreTag) {
		r.pos--
		r.badByte(c, "core sort of "+what)
	}
	return CoreSort(c)
}
