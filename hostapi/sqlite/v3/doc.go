// Package v3 is generated from the WIT of spin:sqlite 3.1.0: what hosts implement and what carries
// the values between them and guests.
package v3

//go:generate go run github.com/spinhost/spin/hostapi/witgen -go v3 -wit ../wit/v3 -package spin:sqlite@3.1.0
