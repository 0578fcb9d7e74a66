package manifest

import (
	"cmp"
	"slices"
	"strings"
)

// maxCompared bounds the work on names that somebody made long.
const maxCompared = 32

// nearest returns the candidate that a mistyped name was probably meant to be, or
// an empty string.
func nearest(name string, candidates []string) string {
	best, bestDistance := "", 1+max(1, min(len(name), maxCompared)/3)
	for _, c := range candidates {
		if d := distance(name, c); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// byDistance returns the candidates with the nearest first.
func byDistance(name string, candidates []string) []string {
	type scored struct {
		text     string
		distance int
	}
	list := make([]scored, len(candidates))
	for i, c := range candidates {
		list[i] = scored{c, distance(name, c)}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(a.distance, b.distance) })
	sorted := make([]string, len(list))
	for i, s := range list {
		sorted[i] = s.text
	}
	return sorted
}

// distance counts the insertions, deletions, replacements and swaps of neighbours
// that turn a into b (optimal string alignment), ignoring case.
func distance(a, b string) int {
	a = strings.ToLower(a[:min(len(a), maxCompared)])
	b = strings.ToLower(b[:min(len(b), maxCompared)])
	before := make([]int, len(b)+1)
	previous := make([]int, len(b)+1)
	current := make([]int, len(b)+1)
	for j := range previous {
		previous[j] = j
	}
	for i := 1; i <= len(a); i++ {
		current[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			current[j] = min(previous[j]+1, current[j-1]+1, previous[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				current[j] = min(current[j], before[j-2]+1)
			}
		}
		before, previous, current = previous, current, before
	}
	return previous[len(b)]
}
