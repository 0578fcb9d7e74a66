// Package coremodules knows the core modules that no tool has made a component of, as SDKs for Spin
// 1 and 2 left it to the host: programs of WASI preview 1, and what wit-bindgen has or has not given
// a component type.
package coremodules

import (
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// Known says which modules there are, and of which components they are taken to be.
func Known() *engine.Modules {
	return &engine.Modules{
		Direct: []string{preview1.Module},
		Worlds: append(spinOne(), program()),
	}
}

// program is a module that is run from its beginning to its end.
func program() engine.ModuleWorld {
	return engine.ModuleWorld{
		Export: "_start",
		Exports: []engine.ModuleInterface{{
			ID:    "wasi:cli/run@0.2.0",
			Funcs: []engine.ModuleFunc{{Core: "_start", Name: "run", Type: "func()->result", Void: true}},
		}},
	}
}
