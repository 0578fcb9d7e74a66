//go:build !amd64

package ticks

func hasCounter() bool { return false }

func counter() uint64 { return 0 }
