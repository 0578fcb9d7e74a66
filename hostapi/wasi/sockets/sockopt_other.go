//go:build !unix

package sockets

// setHops does nothing: how many routers packets may pass is for the system to say.
func setHops(uintptr, family, int) error { return nil }

// setBuffers does nothing before there is a connection.
func setBuffers(uintptr, int, int) error { return nil }

// forbidBroadcast does nothing.
func forbidBroadcast(uintptr) error { return nil }
