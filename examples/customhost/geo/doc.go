// Package geo is a host interface that does not come with spin: acme:geo/lookup@1.0.0, which
// stands in wit/geo.wit. Guests ask it where places are.
//
// # How it was made
//
// Describe the interface in WIT, and let witgen make Go of it:
//
//	go generate
//
// That writes lookup_gen.go, with the Go interface [Lookup] and what its functions take and
// return, and abi_gen.go. Implement the Go interface: [Atlas] does, in atlas.go. Make a
// [hostapi.Interface] of the implementation: [Host] does. Give that to spin:
//
//	app, err := spin.Load(ctx, "spin.toml", &spin.Config{
//		HostAPIs: spin.DefaultHostAPIs().With(geo.Host(geo.Cities())),
//	})
//
// # Who may use it
//
// It belongs to a capability set of its own, "geo". Components may use it; dependencies of
// components only if the manifest has them inherit it, as it does those that come with spin:
//
//	[component.guide.dependencies]
//	"acme:routes/plan" = { path = "plan.wasm", inherit_configuration = ["geo"] }
package geo

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ./wit -package acme:geo@1.0.0
