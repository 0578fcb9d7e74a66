package clocks_test

import (
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/clocks"
)

// Give components the clocks and nothing else.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(clocks.Interfaces()...)
	for _, i := range registry.Interfaces() {
		fmt.Println(i.ID)
	}
	// Output:
	// wasi:clocks/types@0.3.0
	// wasi:clocks/monotonic-clock@0.3.0
	// wasi:clocks/system-clock@0.3.0
	// wasi:clocks/types@0.3.0-rc-2026-03-15
	// wasi:clocks/monotonic-clock@0.3.0-rc-2026-03-15
	// wasi:clocks/system-clock@0.3.0-rc-2026-03-15
	// wasi:clocks/monotonic-clock@0.2.12
	// wasi:clocks/monotonic-clock@0.2.0-rc-2023-10-18
	// wasi:clocks/wall-clock@0.2.12
	// wasi:clocks/wall-clock@0.2.0-rc-2023-10-18
}
