package engine

import (
	"strings"

	"github.com/spinhost/spin/engine/internal/componentize"
	"github.com/spinhost/spin/engine/internal/limits"
)

// Modules says what core modules are as components, for [DecodeWith]. A module that wit-bindgen
// has made has its component type in custom sections, and becomes what `wasm-tools component new`
// would make of it. Memory and allocator are its exports "memory" and "cabi_realloc"; if it
// exports "_initialize", that is called first. Asynchronous functions are ErrUnsupported.
type Modules struct {
	// Direct are the names of core modules whose functions the host provides as they are, for
	// example "wasi_snapshot_preview1". The component imports an instance of that name, with
	// those of its functions that the module imports. Their parameters, which are called a, b, c
	// and so on, and their result are u32, u64, f32 and f64 for the core types; the memory is
	// that of the module, which abi.Guest shows and whose addresses the function must check.
	Direct []string
	// Worlds are what modules without a component type are: the first whose Export they have.
	// One that has a component type without exports, such as a program that imports interfaces,
	// can be of a world too.
	Worlds []ModuleWorld
}

// ModuleWorld is what core modules import and export, in place of a component type.
type ModuleWorld struct {
	Export  string // the core export by which these modules are known
	Imports []ModuleInterface
	Exports []ModuleInterface
}

// ModuleInterface is an interface whose functions have names of their own in core modules.
type ModuleInterface struct {
	Module string // the name of the core module from which others import; of no meaning for exports
	ID     string // what the component imports or exports, for example "wasi:cli/run@0.2.0"
	Funcs  []ModuleFunc
}

// ModuleFunc is a function of a ModuleInterface.
type ModuleFunc struct {
	Core string // what the core module imports or exports
	Name string // the function in the interface
	Type string // in the text form of WIT types, without resources
	// Void says that a core function without parameters and results is exported for one whose
	// result has no values: when it returns, the result is ok.
	Void bool
}

// isCoreModule reports whether wasm begins as a core module does.
func isCoreModule(wasm []byte) bool {
	return strings.HasPrefix(string(wasm[:min(8, len(wasm))]), "\x00asm\x01\x00\x00\x00")
}

// decodeModule is DecodeWith for core modules.
func (cfg *DecodeConfig) decodeModule(wasm []byte) (*Component, error) {
	c := componentize.Config{
		Limits: limits.Limits(cfg.Limits), Features: cfg.Features.component(), Direct: cfg.Modules.Direct,
	}
	for _, w := range cfg.Modules.Worlds {
		c.Worlds = append(c.Worlds, componentize.World{Export: w.Export, Imports: interfaces(w.Imports), Exports: interfaces(w.Exports)})
	}
	b, err := componentize.Module(wasm, c)
	if err != nil {
		return nil, decodeError(err)
	}
	return &Component{c: b, size: len(wasm), limits: cfg.Limits}, nil
}

func interfaces(list []ModuleInterface) (out []componentize.Interface) {
	for _, i := range list {
		x := componentize.Interface{Core: i.Module, Name: i.ID}
		for _, f := range i.Funcs {
			x.Funcs = append(x.Funcs, componentize.Func(f))
		}
		out = append(out, x)
	}
	return out
}
