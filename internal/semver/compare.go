package semver

import (
	"cmp"
	"strings"
)

// Compare orders versions by precedence: it returns a negative number if v comes
// before w, 0 if none comes before the other, and a positive number otherwise.
// Build metadata does not count.
func (v Version) Compare(w Version) int {
	return cmp.Or(
		cmp.Compare(v.Major, w.Major),
		cmp.Compare(v.Minor, w.Minor),
		cmp.Compare(v.Patch, w.Patch),
		comparePre(v.Pre, w.Pre),
	)
}

// comparePre orders the prereleases of one version. The release comes last.
func comparePre(a, b string) int {
	switch {
	case a == b:
		return 0
	case a == "":
		return 1
	case b == "":
		return -1
	}
	return compareIdentifiers(a, b)
}

// compareIdentifiers orders identifiers joined by dots, part by part. Where one
// list is the start of the other, the shorter comes first.
func compareIdentifiers(a, b string) int {
	for {
		idA, restA, moreA := strings.Cut(a, ".")
		idB, restB, moreB := strings.Cut(b, ".")
		if c := compareIdentifier(idA, idB); c != 0 {
			return c
		}
		if !moreA || !moreB {
			return cmp.Compare(count(moreA), count(moreB))
		}
		a, b = restA, restB
	}
}

// compareIdentifier orders numbers by value, before everything else by bytes.
// Numbers may have any length.
func compareIdentifier(a, b string) int {
	numericA, numericB := isNumeric(a), isNumeric(b)
	if numericA != numericB {
		return cmp.Compare(count(numericB), count(numericA))
	}
	if !numericA {
		return strings.Compare(a, b)
	}
	// Build metadata may have zeros in front.
	shortA, shortB := strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(
		cmp.Compare(len(shortA), len(shortB)),
		strings.Compare(shortA, shortB),
		cmp.Compare(len(a), len(b)),
	)
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Highest returns the index of the highest version that satisfies the requirement,
// and -1 if none does. Among versions that differ in build metadata only, the one
// whose metadata sorts last is taken, so that the order of the list is irrelevant.
func (r Requirement) Highest(versions []Version) int {
	best := -1
	for i, v := range versions {
		if !r.Matches(v) {
			continue
		}
		if best < 0 || cmp.Or(v.Compare(versions[best]), compareIdentifiers(v.Build, versions[best].Build)) > 0 {
			best = i
		}
	}
	return best
}
