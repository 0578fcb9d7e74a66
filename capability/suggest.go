package capability

import (
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

const maxCompared = 64 // bytes of names that somebody made long

// nearest returns the candidate that a mistyped name was probably meant to be, or an empty string. The packages
// manifest and engine judge keys and imports alike.
func nearest(name string, candidates []string) string {
	best, bestDistance := "", 1+max(1, min(len(name), maxCompared)/3)
	for _, c := range candidates {
		if d := distance(name, c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements that turn a into b, ignoring case and the difference
// between "-" and "_".
func distance(a, b string) int {
	fold := func(s string) string {
		return strings.ReplaceAll(strings.ToLower(s[:min(len(s), maxCompared)]), "-", "_")
	}
	return wording.Distance(fold(a), fold(b))
}
