package wasmtime

/*
#include "spin.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"github.com/spinhost/spin/internal/corewasm"
)

// Why there is no function at an index of a table, for errors.Is.
var (
	ErrTableIndex = errors.New("wasmtime: index is out of bounds of the table")
	ErrNullFunc   = errors.New("wasmtime: element of the table is null")
	ErrFuncType   = errors.New("wasmtime: function in the table has another type")
	ErrTypedRefs  = errors.New("wasmtime: modules whose functions take references other than funcref and externref cannot have functions looked up in tables")
)

// TableFunc registers the function at index i of a table of functions, which must take one
// value of type param, I32 or I64, and return none. It returns the same number each time that
// it finds the same function. Stores whose guests may use the collector cannot do that
// (ErrStrict), nor those with functions of unusual types (ErrTypedRefs).
func (s *Store) TableFunc(table Extern, i uint64, param corewasm.ValType) (FuncID, error) {
	if err := s.own(table, corewasm.Table); err != nil {
		return 0, err
	}
	kind := C.uint8_t(C.WT_I32)
	switch {
	case s.strict:
		return 0, ErrStrict
	case s.typedRefs:
		return 0, ErrTypedRefs
	case table.typ.Table.Elem != corewasm.FuncRef:
		return 0, fmt.Errorf("wasmtime: %v holds no functions", table.typ)
	case param == corewasm.I64:
		kind = C.WT_I64
	case param != corewasm.I32:
		return 0, fmt.Errorf("wasmtime: functions of a table that take %v cannot be looked up", param)
	}
	var f C.wasmtime_func_t
	switch C.spin_table_func(s.c, (*C.wasmtime_table_t)(unsafe.Pointer(&table.c.of)), C.uint64_t(i), kind, &f) {
	case C.SPIN_ELEM_FUNC:
		return s.tableFunc(f)
	case C.SPIN_ELEM_OUTSIDE:
		return 0, ErrTableIndex
	case C.SPIN_ELEM_NULL:
		return 0, ErrNullFunc
	case C.SPIN_ELEM_TYPE:
		return 0, ErrFuncType
	}
	return 0, ErrBusy
}

// tableFunc registers a function once. A store has no more of them than its modules define.
func (s *Store) tableFunc(f C.wasmtime_func_t) (FuncID, error) {
	at := uintptr(f.priv)
	if id, ok := s.tableFuncs[at]; ok {
		return id, nil
	}
	if len(s.funcs) >= maxFuncs {
		return 0, fmt.Errorf("wasmtime: too many functions")
	}
	if !C.spin_add_func(s.c, &f) {
		return 0, ErrNoMemory
	}
	id := FuncID(len(s.funcs))
	s.funcs = append(s.funcs, funcType{params: 1})
	if s.tableFuncs == nil {
		s.tableFuncs = map[uintptr]FuncID{}
	}
	s.tableFuncs[at] = id
	return id, nil
}
