// Package api is generated of an interface with every form that types and functions can have,
// which testdata/guests/rust/forms calls.
package api

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit/... -package test:forms@1.0.0 -use test:basis@1.0.0=github.com/spinhost/spin/engine/internal/forms/basis
