// Package http is generated from the interfaces of wasi:http 0.2: what a host implements and
// what a guest exports. Package github.com/spinhost/spin/hostapi/wasi/http implements it.
package http

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/p2/... -package wasi:http@0.2.12 -interfaces types,outgoing-handler -exports incoming-handler -use wasi:io@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/io,wasi:clocks@0.2.12=github.com/spinhost/spin/hostapi/wasi/p2/clocks
