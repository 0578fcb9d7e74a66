package capability

import "strings"

// version is a version of Semantic Versioning 2.0.0, in parts. Numbers stay text, since they may have any length.
//
// hostapi/wit and engine/internal/validate read versions too, and the engine has its own tracks for linking; this
// package imports none of them.
type version struct {
	major, minor, patch string
	pre                 string
}

// parseVersion splits s and reports whether it is a full version.
func parseVersion(s string) (version, bool) {
	s, build, hasBuild := strings.Cut(s, "+")
	core, pre, hasPre := strings.Cut(s, "-")
	if hasBuild && !isDotted(build, false) || hasPre && !isDotted(pre, true) {
		return version{}, false
	}
	numbers := strings.Split(core, ".")
	if len(numbers) != 3 {
		return version{}, false
	}
	for _, n := range numbers {
		if !isNumber(n) {
			return version{}, false
		}
	}
	return version{major: numbers[0], minor: numbers[1], patch: numbers[2], pre: pre}, true
}

// track returns the part of a version that compatible ones share.
func (v version) track() string {
	switch {
	case v.pre != "":
		return v.major + "." + v.minor + "." + v.patch + "-" + v.pre
	case v.major != "0":
		return v.major
	case v.minor != "0":
		return "0." + v.minor
	}
	return "0.0." + v.patch
}

// isNumber reports whether s is a number without leading zeros.
func isNumber(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == "" && (s == "0" || s[0] != '0')
}

// isDotted reports whether s is identifiers joined by dots. Numbers among those of a pre-release have no leading zeros.
func isDotted(s string, prerelease bool) bool {
	for id := range strings.SplitSeq(s, ".") {
		if id == "" || prerelease && strings.Trim(id, "0123456789") == "" && !isNumber(id) {
			return false
		}
		for i := 0; i < len(id); i++ {
			if c := id[i]; !isLetter(c) && !isDigit(c) && c != '-' {
				return false
			}
		}
	}
	return true
}
