package coremodules_test

import (
	"log/slog"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/coremodules"
)

// What modules of Spin 1 import has the types that the host's interfaces have.
func TestImportsOfSpinOneAreThoseOfTheHost(t *testing.T) {
	apis := spin.DefaultHostAPIs()
	for _, w := range coremodules.Known().Worlds {
		for _, i := range w.Imports {
			h, ok := apis.Lookup(i.ID)
			if !ok {
				t.Errorf("no host interface %s", i.ID)
				continue
			}
			if h.Bind == nil {
				t.Logf("%s is a stand-in", i.ID)
				continue
			}
			b, err := h.Bind(&hostapi.Scope{Logger: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			types := map[string]abi.Func{}
			for _, f := range b.Funcs {
				types[f.Name] = f
			}
			for _, f := range i.Funcs {
				if got := types[f.Name].Type; got != f.Type {
					t.Errorf("%s %s has the type\n%s, the host's is\n%s", i.ID, f.Name, f.Type, got)
				}
			}
			if len(i.Funcs) != len(b.Funcs) {
				t.Errorf("%s has %d functions, the host's %d", i.ID, len(i.Funcs), len(b.Funcs))
			}
		}
	}
}
