package target

import (
	"strings"

	"github.com/spinhost/spin/internal/semver"
)

// sameType compares two types of functions. The versions in names of resources may
// differ as far as they are compatible.
func sameType(a, b string) bool {
	a, b = normalize(a), normalize(b)
	// What is too long was cut off.
	if short, ok := strings.CutSuffix(a, "…"); ok {
		return strings.HasPrefix(b, short)
	}
	if short, ok := strings.CutSuffix(b, "…"); ok {
		return strings.HasPrefix(a, short)
	}
	return a == b
}

// normalize replaces the versions in names of resources by what they are compatible
// with: own<wasi:io/poll@0.2.6#pollable> has wasi:io/poll@0.2.
func normalize(signature string) string {
	var b strings.Builder
	for {
		end := strings.IndexByte(signature, '#')
		if end < 0 {
			b.WriteString(signature)
			return b.String()
		}
		start := strings.LastIndexByte(signature[:end], '<') + 1
		b.WriteString(signature[:start])
		b.WriteString(semver.TrackOf(signature[start:end]))
		b.WriteByte('#')
		signature = signature[end+1:]
	}
}
