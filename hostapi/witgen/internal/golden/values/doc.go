// Package values is generated from WIT with every type in every position, for tests of what
// witgen generates.
package values

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../../testdata/wit/... -package test:values@1.0.0 -exports calls -use test:base@1.0.0=github.com/spinhost/spin/hostapi/witgen/internal/golden/base
