// Package guest has the interface of components that a timer runs, generated from
// ../wit/timer.wit.
package guest

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit -package acme:timer@1.0.0 -exports job -go guest
