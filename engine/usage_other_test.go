//go:build !linux

package engine_test

import "testing"

// reportCPU reports what run takes where the system says so in a way that is known here.
func reportCPU(_ *testing.B, run func()) { run() }
