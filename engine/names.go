package engine

import (
	"fmt"

	"github.com/spinhost/spin/internal/wording"
)

// suggest says which of names is most like name, "" if none is.
func suggest(name string, names []string) string {
	best, dist := "", 1+len(name)/3
	for _, n := range names {
		if d := distance(name, n, dist); d < dist {
			best, dist = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the edit distance of a and b, or max if it is not less.
func distance(a, b string, max int) int {
	if d := len(a) - len(b); d >= max || -d >= max {
		return max
	}
	return wording.Distance(a, b)
}
