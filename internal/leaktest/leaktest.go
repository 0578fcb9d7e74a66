// Package leaktest finds goroutines that a test has left behind.
package leaktest

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// patience is how long goroutines that are about to end may take.
const patience = 10 * time.Second

// Check fails the test if, when it is over and so are the cleanups that were registered after
// this call, goroutines run that did not at the time of the call. Tests that run in parallel
// with others cannot use it: it cannot tell whose goroutines are whose.
func Check(t testing.TB) {
	t.Helper()
	check(t, patience)
}

func check(t testing.TB, patience time.Duration) {
	before := map[string]bool{}
	for id := range running() {
		before[id] = true
	}
	t.Cleanup(func() {
		var left map[string]string
		for wait := time.Millisecond; ; wait *= 2 {
			left = running()
			for id := range left {
				if before[id] {
					delete(left, id)
				}
			}
			if len(left) == 0 {
				return
			}
			if wait > patience/2 {
				break
			}
			time.Sleep(wait)
		}
		for _, stack := range left {
			t.Errorf("goroutine was left behind:\n%s", stack)
		}
	})
}

// running returns the stacks of all goroutines but this one, by their number.
func running() map[string]string {
	buf := make([]byte, 64<<10)
	for {
		n := runtime.Stack(buf, true)
		if n < len(buf) {
			buf = buf[:n]
			break
		}
		buf = make([]byte, 2*len(buf))
	}
	all := map[string]string{}
	_, others, _ := strings.Cut(string(buf), "\n\n") // the first is this one
	for stack := range strings.SplitSeq(others, "\n\n") {
		id, _, ok := strings.Cut(strings.TrimPrefix(stack, "goroutine "), " ")
		if ok && !isRuntimes(stack) {
			all[id] = stack
		}
	}
	return all
}

// isRuntimes reports whether a goroutine belongs to the runtime or to package testing.
func isRuntimes(stack string) bool {
	_, frames, _ := strings.Cut(stack, "\n")
	for _, f := range []string{"testing.(*T).Run(", "testing.(*M).", "testing.runTests", "testing.tRunner.func", "runtime.", "os/signal.", "runtime/trace."} {
		if strings.HasPrefix(frames, f) {
			return true
		}
	}
	return strings.Contains(stack, "created by time.goFunc") && strings.Contains(stack, "testing.(*M).startAlarm")
}
