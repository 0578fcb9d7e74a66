// Package skiptest passes over tests for which a machine lacks something, but not where it must
// have all: in CI, where the variable CI is "true", they fail.
package skiptest

import (
	"os"
	"testing"
)

// Lacking ends the test: it is skipped, or fails in CI. why says what the machine lacks.
func Lacking(t testing.TB, why ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why...)
	}
	t.Skip(why...)
}
