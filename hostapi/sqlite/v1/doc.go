// Package v1 is generated from the WIT of fermyon:spin: what hosts implement and what carries
// the values between them and guests.
package v1

//go:generate go run github.com/spinhost/spin/hostapi/witgen -go v1 -wit ../wit/v1 -package fermyon:spin
