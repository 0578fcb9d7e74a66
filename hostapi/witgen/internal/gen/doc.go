// Package gen turns WIT packages into Go source: types, interfaces for hosts to implement,
// and the code that lifts and lowers values between them and a guest's memory by the rules
// of the Canonical ABI.
//
// The work goes in three steps. A [wit.Set] is reduced to the interfaces that one Go package
// holds (select.go). Every type becomes a typ, which knows its Go form, its layout in memory
// and its flat form (typ.go, layout.go). Writers then print Go: definitions (def*.go),
// functions for guests to call (serve.go, result.go), calls of guests (export.go), and the
// helpers that these need, each once for a package (helper.go, load.go, store.go).
package gen
