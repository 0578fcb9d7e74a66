package wording

import (
	"cmp"
	"slices"
	"strings"
)

// Distance counts the insertions, deletions and replacements of bytes, and the swaps of neighbours,
// that turn a into b (optimal string alignment). It takes time in proportion to both lengths, which
// callers bound.
func Distance(a, b string) int {
	before := make([]int, len(b)+1)
	previous := make([]int, len(b)+1)
	current := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := range len(a) {
		current[0] = i + 1
		for j := range len(b) {
			d := previous[j]
			if a[i] != b[j] {
				d = 1 + min(d, previous[j+1], current[j])
				if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
					d = min(d, before[j-1]+1)
				}
			}
			current[j+1] = d
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}

const maxCompared = 64 // bytes of names that somebody made long

// folded is the distance of names, ignoring case and the difference between "-" and "_".
func folded(a, b string) int {
	fold := func(s string) string {
		return strings.ReplaceAll(strings.ToLower(s[:min(len(s), maxCompared)]), "-", "_")
	}
	return Distance(fold(a), fold(b))
}

// Nearest returns the candidate that a mistyped name was probably meant to be, or an empty string.
func Nearest(name string, candidates []string) string {
	best, bestDistance := "", 1+max(1, min(len(name), maxCompared)/3)
	for _, c := range candidates {
		if d := folded(name, c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// NearestFirst returns the candidates, those first that are most like a name.
func NearestFirst(name string, candidates []string) []string {
	distance := make(map[string]int, len(candidates))
	for _, c := range candidates {
		distance[c] = folded(name, c)
	}
	sorted := slices.Clone(candidates)
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(distance[a], distance[b]) })
	return sorted
}
