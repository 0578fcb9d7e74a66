package preview1_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
)

// A registry in which core modules find preview 1 and nothing else.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(preview1.Interfaces()...)
	for _, i := range registry.Interfaces() {
		bound, err := i.Bind(&hostapi.Scope{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(i.ID, len(bound.Funcs), bound.Funcs[0].Name, bound.Funcs[0].Type)
	}
	// Output: wasi_snapshot_preview1 46 args_get func(a:u32,b:u32)->u32
}
