// Package inbound is generated from fermyon:spin/inbound-http, by which components of Spin 1 serve
// requests.
package inbound

//go:generate go run github.com/spinhost/spin/hostapi/witgen -wit wit -package fermyon:spin -exports inbound-http -go inbound
