package skiptest_test

import (
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

// verdict notes how a test ends.
type verdict struct {
	testing.TB
	failed, skipped bool
}

func (*verdict) Helper()        {}
func (v *verdict) Fatal(...any) { v.failed = true; panic(v) }
func (v *verdict) Skip(...any)  { v.skipped = true; panic(v) }

func TestLackingFailsInCI(t *testing.T) {
	for ci, fails := range map[string]bool{"true": true, "": false} {
		t.Setenv("CI", ci)
		v := &verdict{TB: t}
		func() {
			defer func() { _ = recover() }()
			skiptest.Lacking(v, "no network")
		}()
		if v.failed != fails || v.skipped == fails {
			t.Errorf("with CI=%q: failed %v, skipped %v", ci, v.failed, v.skipped)
		}
	}
}
