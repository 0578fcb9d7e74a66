package wasi_test

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi"
)

// Give components all of WASI but the means to send requests.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(wasi.Interfaces()...).
		Without("wasi:http/outgoing-handler@0.2.12", "wasi:http/client@0.3.0", "wasi:http/client@0.3.0-rc-2026-03-15")
	_, ok := registry.Lookup("wasi:http/client@0.3.0")
	fmt.Println(ok)
	_, ok = registry.Lookup("wasi:http/types@0.3.0")
	fmt.Println(ok)
	// Output:
	// false
	// true
}

// Guests of the snapshot of November 2023 cannot ask whether fields have a name.
func ExampleNovemberWIT() {
	text := wasi.NovemberWIT("  resource fields {\n    /// Tells whether the name has a value.\n    has: func(name: field-name) -> bool;\n\n    clone: func() -> fields;\n  }\n")
	fmt.Println(strings.Contains(text, "has:"), strings.Contains(text, "clone:"))
	// Output: false true
}
