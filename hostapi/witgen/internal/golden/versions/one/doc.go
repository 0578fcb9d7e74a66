// Package one is the older of two versions of a WIT package, for tests of what witgen generates.
package one

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../../../testdata/wit/versions/one
