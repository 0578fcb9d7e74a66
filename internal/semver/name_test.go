package semver_test

import (
	"testing"

	"github.com/spinhost/spin/internal/semver"
)

func TestTrackOf(t *testing.T) {
	for name, want := range map[string]string{
		"wasi:io/poll@0.2.6":                    "wasi:io/poll@0.2",
		"wasi:io/poll@0.2.6+build":              "wasi:io/poll@0.2",
		"acme:geo/lookup@1.4.0":                 "acme:geo/lookup@1",
		"acme:geo/lookup@0.0.3":                 "acme:geo/lookup@0.0.3",
		"wasi:http/types@0.3.0-rc-2026-03-15":   "wasi:http/types@0.3.0-rc-2026-03-15",
		"wasi:http/types@0.3.0-rc-2026-03-15+b": "wasi:http/types@0.3.0-rc-2026-03-15",
		"wasi:io/poll":                          "wasi:io/poll",
		"wasi:io/poll@":                         "wasi:io/poll@",
		"wasi:io/poll@next":                     "wasi:io/poll@next",
		"":                                      "",
	} {
		if got := semver.TrackOf(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}
