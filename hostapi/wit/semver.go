package wit

import (
	"cmp"
	"strings"
)

// A semver is a version as semver.org 2.0.0 defines it, split at its separators. Numbers stay text: they may have
// any length.
type semver struct {
	core [3]string
	pre  []string
}

// parseSemver splits s and reports whether it is a full version: three numbers, then optionally a pre-release and
// build metadata.
func parseSemver(s string) (semver, bool) {
	var v semver
	if len(s) > maxName {
		return v, false
	}
	rest, build, hasBuild := strings.Cut(s, "+")
	core, pre, hasPre := strings.Cut(rest, "-")
	numbers := strings.Split(core, ".")
	if len(numbers) != len(v.core) {
		return v, false
	}
	for i, n := range numbers {
		if !isNumeric(n) {
			return v, false
		}
		v.core[i] = n
	}
	if hasBuild && !validIdentifiers(build, false) {
		return v, false
	}
	if hasPre {
		if !validIdentifiers(pre, true) {
			return v, false
		}
		v.pre = strings.Split(pre, ".")
	}
	return v, true
}

// isNumeric reports whether s is a number without leading zeros.
func isNumeric(s string) bool { return allDigits(s) && (s == "0" || s[0] != '0') }

func allDigits(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return c < '0' || c > '9' })
}

// validIdentifiers checks dot-separated identifiers; those of a pre-release may not be numbers with leading zeros.
func validIdentifiers(s string, prerelease bool) bool {
	for _, id := range strings.Split(s, ".") {
		if id == "" || prerelease && allDigits(id) && !isNumeric(id) {
			return false
		}
		for i := range len(id) {
			if c := id[i]; !isLetter(c) && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}

// compareSemver orders two versions by semver precedence: build metadata does not count. Text that is no version
// sorts first.
func compareSemver(a, b string) int {
	va, okA := parseSemver(a)
	vb, okB := parseSemver(b)
	if !okA || !okB {
		return cmp.Or(cmp.Compare(boolInt(okA), boolInt(okB)), strings.Compare(a, b))
	}
	for i := range va.core {
		if c := compareNumeric(va.core[i], vb.core[i]); c != 0 {
			return c
		}
	}
	if len(va.pre) == 0 || len(vb.pre) == 0 {
		return cmp.Compare(boolInt(len(va.pre) == 0), boolInt(len(vb.pre) == 0))
	}
	for i := range min(len(va.pre), len(vb.pre)) {
		if c := compareIdentifier(va.pre[i], vb.pre[i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(va.pre), len(vb.pre))
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// compareNumeric compares numbers of any length written without leading zeros.
func compareNumeric(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}

// compareIdentifier orders pre-release identifiers: numbers numerically and before any that is not a number.
func compareIdentifier(a, b string) int {
	numA, numB := allDigits(a), allDigits(b)
	switch {
	case numA && numB:
		return compareNumeric(a, b)
	case numA != numB:
		return cmp.Compare(boolInt(numB), boolInt(numA))
	}
	return strings.Compare(a, b)
}
