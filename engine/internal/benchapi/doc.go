// Package benchapi is the host interface of the benchmarks, as witgen makes it.
package benchapi

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ./wit -package bench:host
