// Package spin3 is generated from the WIT of spin:variables 3.0.0: what hosts implement and what carries the
// values between them and guests.
package spin3

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit ../../wit/spin3 -package spin:variables@3.0.0 -go spin3
