// Package basis is generated of a WIT package that another one uses.
package basis

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit/basis
