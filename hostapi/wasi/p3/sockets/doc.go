// Package sockets is generated from the WIT of wasi:sockets 0.3: what hosts implement and what
// carries the values between them and guests. Package
// github.com/spinhost/spin/hostapi/wasi/sockets implements it.
package sockets

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p3/... -package wasi:sockets@0.3.0 -use wasi:clocks@0.3.0=github.com/spinhost/spin/hostapi/wasi/p3/clocks
