// Package v2 is generated from the WIT of fermyon:spin/key-value 2.0.0: what hosts implement and what
// carries the values between them and guests.
package v2

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../wit/v2 -package fermyon:spin@2.0.0 -go v2
