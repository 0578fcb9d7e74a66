// Package http is generated from the interfaces of wasi:http 0.3: what a host implements and
// what a guest exports. Package github.com/spinhost/spin/hostapi/wasi/http implements it.
package http

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p3/... -package wasi:http@0.3.0 -interfaces types,client -exports handler -use wasi:clocks@0.3.0=github.com/spinhost/spin/hostapi/wasi/p3/clocks
