// Package config is generated from the WIT of wasi:config 0.2.0-draft-2024-09-27: what hosts implement and what carries the
// values between them and guests.
package config

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/config -package wasi:config@0.2.0-draft-2024-09-27 -go config
