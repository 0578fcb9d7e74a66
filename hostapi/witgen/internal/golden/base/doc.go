// Package base is generated from WIT that package values uses.
package base

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../../testdata/wit/base -package test:base@1.0.0
