// Package sockets is generated from the WIT of wasi:sockets 0.2: what hosts implement and what
// carries the values between them and guests. Package
// github.com/spinhost/spin/hostapi/wasi/sockets implements it.
package sockets

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p2/... -package wasi:sockets@0.2.12 -use wasi:io@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/io,wasi:clocks@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/clocks
