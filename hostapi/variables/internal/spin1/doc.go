// Package spin1 is generated from the WIT of fermyon:spin without a version: what hosts implement and what carries the
// values between them and guests.
package spin1

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/spin1 -package fermyon:spin -go spin1
