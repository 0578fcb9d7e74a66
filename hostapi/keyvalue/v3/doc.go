// Package v3 is generated from the WIT of spin:key-value 3.0.0: what hosts implement and what
// carries the values between them and guests.
package v3

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit/v3 -package spin:key-value@3.0.0 -go v3
