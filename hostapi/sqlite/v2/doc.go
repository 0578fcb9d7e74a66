// Package v2 is generated from the WIT of fermyon:spin 2.0.0: what hosts implement and what carries
// the values between them and guests.
package v2

//go:generate go run github.com/spinhost/spin/hostapi/witgen -go v2 -wit ../wit/v2 -package fermyon:spin@2.0.0
