package validate

import "strings"

// isSemver reports whether s is a version of Semantic Versioning 2.0.
func isSemver(s string) bool {
	s, build, hasBuild := strings.Cut(s, "+")
	core, pre, hasPre := strings.Cut(s, "-")
	if hasBuild && !identifiers(build, false) || hasPre && !identifiers(pre, true) {
		return false
	}
	parts := strings.Split(core, ".")
	if len(parts) != 3 {
		return false
	}
	for _, p := range parts {
		if !isNumber(p) {
			return false
		}
	}
	return true
}

// identifiers reports whether s is identifiers joined by dots. Numbers among
// those of a pre-release have no leading zeros.
func identifiers(s string, prerelease bool) bool {
	for id := range strings.SplitSeq(s, ".") {
		switch {
		case id == "":
			return false
		case !all(id, func(c byte) bool {
			return c == '-' || isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		}):
			return false
		case prerelease && all(id, isDigit) && !isNumber(id):
			return false
		}
	}
	return true
}

// isNumber reports whether s is a number of 64 bits without leading zeros.
func isNumber(s string) bool {
	const most = "18446744073709551615"
	switch {
	case s == "" || !all(s, isDigit), len(s) > 1 && s[0] == '0', len(s) > len(most):
		return false
	}
	return len(s) < len(most) || s <= most
}

// isCanonicalVersion reports whether s is the part of a version that decides
// compatibility: 1, 0.2, 0.0.3 or 0.0.0.
func isCanonicalVersion(s string) bool {
	parts := strings.Split(s, ".")
	for i, p := range parts {
		if !isNumber(p) {
			return false
		}
		if last := i == len(parts)-1; !last && p != "0" || last && p == "0" && i != 2 {
			return false
		}
	}
	return len(parts) <= 3
}
