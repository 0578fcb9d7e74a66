// Package outbound is how the guests of an app get out: which destinations they may reach now
// (hosts.go), by which connections (network.go, permits.go, tls.go), and what stays within the app
// and needs none (local.go).
//
// What a destination is and whether it is allowed is decided by package capability; requests come
// here when they are.
package outbound
