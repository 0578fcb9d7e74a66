package manifest

import (
	"strconv"
	"strings"
)

// version is a semantic version.
type version struct {
	major, minor, patch uint64
	pre                 string // pre-release identifiers
	build               string // build metadata
}

// parseVersion reads a whole semantic version, as https://semver.org has it. It
// says what is wrong if the text is none.
func parseVersion(text string) (version, string) {
	var v version
	rest, build, hasBuild := strings.Cut(text, "+")
	core, pre, hasPre := strings.Cut(rest, "-")
	parts := strings.Split(core, ".")
	if len(parts) != 3 {
		return v, quote(text) + " does not have three numbers"
	}
	for i, number := range []*uint64{&v.major, &v.minor, &v.patch} {
		n, problem := parseNumber(parts[i])
		if problem != "" {
			return v, quote(text) + " " + problem
		}
		*number = n
	}
	if hasPre && !validIdentifiers(pre, true) {
		return v, quote(text) + ` has a wrong pre-release after "-"`
	}
	if hasBuild && !validIdentifiers(build, false) {
		return v, quote(text) + ` has wrong build metadata after "+"`
	}
	v.pre, v.build = pre, build
	return v, ""
}

func parseNumber(text string) (uint64, string) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, "has " + quote(text) + " where a number belongs"
	}
	if len(text) > 1 && text[0] == '0' {
		return 0, "has a number that starts with 0"
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, "has a number that is too large"
	}
	return n, ""
}

// validIdentifiers checks identifiers joined by dots. Numbers of a pre-release
// have no zeros before them.
func validIdentifiers(text string, pre bool) bool {
	for part := range strings.SplitSeq(text, ".") {
		if part == "" {
			return false
		}
		numeric := true
		for _, c := range []byte(part) {
			if !isLetter(c) && !isDigit(c) && c != '-' {
				return false
			}
			numeric = numeric && isDigit(c)
		}
		if pre && numeric && len(part) > 1 && part[0] == '0' {
			return false
		}
	}
	return true
}
