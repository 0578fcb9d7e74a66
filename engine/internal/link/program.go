// Package link turns a validated component, with everything nested in it, into a flat
// program: numbered component instances, core instances in the order in which they are
// made, and the functions between them. All names, aliases, arguments and index spaces are
// resolved here, once; instantiating the program only fills in numbers.
package link

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// Program is a linked component. It is immutable.
type Program struct {
	Canon canon.Program
	Arena *types.Arena

	Modules   []*binary.CoreModule // those that are instantiated
	Instances []CoreInstance       // in the order in which they are made
	Funcs     []CoreItem           // by the number that Canon uses
	Memories  []CoreItem           // by the number that Canon uses, in the order of Instances
	Tables    []CoreItem           // by the number that Canon uses
	CoreTypes []corewasm.FuncType  // of Canon.Trampolines
	FuncTypes []corewasm.FuncType  // of Funcs
	Resources []GuestResource      // types that the component defines itself
	Control   int32                // memory with the flags of component instances, see package adapter; canon.None if there is none
	Exports   *Exports

	hostRes map[*abi.ResourceType]*types.Resource // that the program uses
}

// CoreInstance is one instance of a core module.
type CoreInstance struct {
	Module  int        // in Program.Modules
	Imports []CoreItem // one for each import of the module, in its order
	Owner   int32      // component instance whose code it is
}

// CoreItem is a core function, table, memory, global or tag: either a trampoline, or what a
// core instance exports.
type CoreItem struct {
	Trampoline int32 // in Canon.Trampolines, or canon.None
	Instance   int   // in Program.Instances
	Name       string
}

// GuestResource is a resource type that a component defines.
type GuestResource struct {
	Index    int32 // program-wide number
	Instance int32 // component instance that defines it
	Name     string
	Dtor     *canon.Lift // nil without a destructor
}

// Exports are what an instance exports.
type Exports struct {
	Names     []string
	Funcs     map[string]*Func
	Instances map[string]*Exports
	Modules   map[string]*binary.CoreModule
}

// Func is a function that the host can call.
type Func struct {
	Lift *canon.Lift // nil for a function of the host that cannot be relayed
	Type *types.Func
}
