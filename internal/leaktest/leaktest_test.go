package leaktest_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spinhost/spin/internal/leaktest"
)

// recorder is a test that notes its failures.
type recorder struct {
	testing.TB
	failures []string
	cleanups []func()
}

func (r *recorder) Helper()                      {}
func (r *recorder) Cleanup(f func())             { r.cleanups = append(r.cleanups, f) }
func (r *recorder) Errorf(f string, args ...any) { r.failures = append(r.failures, args[0].(string)) }

func (r *recorder) finish() {
	for _, f := range r.cleanups {
		f()
	}
}

func stay(stop chan bool) { <-stop }

func TestCheck(t *testing.T) {
	stop := make(chan bool)
	go stay(stop)
	r := &recorder{TB: t}
	leaktest.Check(r)
	r.finish()
	if len(r.failures) > 0 {
		t.Errorf("goroutines from before are reported: %q", r.failures)
	}
	close(stop)

	r = &recorder{TB: t}
	leaktest.Check(r)
	done := make(chan bool)
	go func() { close(done) }() // over before the check gives up
	<-done
	r.finish()
	if len(r.failures) > 0 {
		t.Errorf("goroutines that are over are reported: %q", r.failures)
	}
}

func TestCheckFindsALeak(t *testing.T) {
	stop := make(chan bool)
	defer close(stop)
	r := &recorder{TB: t}
	leaktest.CheckFor(r, 10*time.Millisecond)
	go stay(stop)
	r.finish()
	if len(r.failures) != 1 || !strings.Contains(r.failures[0], "leaktest_test.stay") {
		t.Errorf("reported: %q", r.failures)
	}
}
