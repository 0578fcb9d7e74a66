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

func TestNewer(t *testing.T) {
	for _, tt := range []struct {
		name, than string
		want       bool
	}{
		{"a@1.2.0", "a@1.1.9", true},
		{"a@1.1.9", "a@1.2.0", false},
		{"a@0.10.0", "a@0.9.0", true},
		{"a@1.0.0", "a@1.0.0", false},
		{"a@1.0.0", "a@1.0.0-rc1", true},
		{"a@1.0.0", "a", true},
		{"a@1.0.0", "a@next", true},
		{"a", "a@1.0.0", false},
		{"a", "a", false},
	} {
		if got := semver.Newer(tt.name, tt.than); got != tt.want {
			t.Errorf("%s, %s: got %v", tt.name, tt.than, got)
		}
	}
}
