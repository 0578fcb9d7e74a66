// Package two is the newer of two versions of a WIT package, for tests of what witgen generates.
package two

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../../../testdata/wit/versions/... -package test:versions@2.0.0 -same test:versions@1.0.0=github.com/spinhost/spin/hostapi/witgen/internal/golden/versions/one
