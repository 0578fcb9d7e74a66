package semver

import (
	"strconv"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Version is a version. The zero Version is 0.0.0.
type Version struct {
	Major, Minor, Patch uint64

	Pre   string // of a prerelease: identifiers joined by dots, without the hyphen
	Build string // build metadata, without the plus sign
}

const (
	versionKind = "version"
	threeParts  = "write all of MAJOR.MINOR.PATCH, such as 1.2.0"
)

// Parse reads a version. The error is an [*Error].
func Parse(text string) (Version, error) {
	s := newScanner(text, versionKind)
	if text != "" && (text[0] == 'v' || text[0] == 'V') {
		s.fail(versionKind, "it starts with a letter", "leave it out: "+wording.Quote(text[1:]))
	}
	var v Version
	v.Major = s.number(versionKind)
	s.dot()
	v.Minor = s.number(versionKind)
	s.dot()
	v.Patch = s.number(versionKind)
	v.Pre, v.Build = s.tags(versionKind)
	if s.err == nil && s.at < len(text) {
		s.fail(versionKind, "there is "+s.found()+" after it", "")
	}
	if s.err != nil {
		return Version{}, s.err
	}
	return v, nil
}

func (s *scanner) dot() {
	if !s.accept(".") {
		s.fail(versionKind, "there is "+s.found()+" where a dot has to be", threeParts)
	}
}

// number reads a number of a version.
func (s *scanner) number(kind string) uint64 {
	start := s.at
	digits := s.run(isDigit)
	n, err := strconv.ParseUint(digits, 10, 64)
	switch {
	case s.err != nil:
	case digits == "":
		fix := "write numbers such as 1.2.0"
		if kind == versionKind {
			fix = threeParts
		}
		s.fail(kind, "there is "+s.found()+" where a number has to be", fix)
	case len(digits) > 1 && digits[0] == '0':
		s.at = start
		s.fail(kind, "the number "+digits+" starts with a zero", "write "+withoutZeros(digits))
	case err != nil:
		s.at = start
		s.fail(kind, "the number "+digits+" is too large", "")
	}
	return n
}

func withoutZeros(digits string) string {
	if digits = strings.TrimLeft(digits, "0"); digits == "" {
		return "0"
	}
	return digits
}

// tags reads what may follow the numbers.
func (s *scanner) tags(kind string) (pre, build string) {
	if s.accept("-") {
		pre = s.identifiers(kind, "prerelease")
	}
	if s.accept("+") {
		build = s.identifiers(kind, "build metadata")
	}
	return pre, build
}

// identifiers reads identifiers joined by dots. In prereleases, numbers among
// them do not start with zeros.
func (s *scanner) identifiers(kind, what string) string {
	start := s.at
	for s.err == nil {
		id := s.run(isIdentifier)
		switch {
		case id == "":
			s.fail(kind, "there is "+s.found()+" where an identifier of the "+what+" has to be",
				"write letters, digits and hyphens")
		case what == "prerelease" && len(id) > 1 && id[0] == '0' && isNumeric(id):
			s.at -= len(id)
			s.fail(kind, "the number "+id+" in the prerelease starts with a zero", "write "+withoutZeros(id))
		}
		if !s.accept(".") {
			break
		}
	}
	return s.text[start:s.at]
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isIdentifier(c byte) bool {
	return isDigit(c) || c == '-' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

func isNumeric(id string) bool {
	for i := range len(id) {
		if !isDigit(id[i]) {
			return false
		}
	}
	return id != ""
}

// String returns the version as it is written.
func (v Version) String() string {
	b := strconv.AppendUint(nil, v.Major, 10)
	b = strconv.AppendUint(append(b, '.'), v.Minor, 10)
	b = strconv.AppendUint(append(b, '.'), v.Patch, 10)
	if v.Pre != "" {
		b = append(append(b, '-'), v.Pre...)
	}
	if v.Build != "" {
		b = append(append(b, '+'), v.Build...)
	}
	return string(b)
}

// Track names the versions that are compatible with v by Cargo's and the component
// model's rules: 1 for 1.2.3, 0.2 for 0.2.3, and the whole version for 0.0.3
// and for prereleases, which are compatible with themselves only. Build metadata
// does not count.
func (v Version) Track() string {
	switch {
	case v.Pre != "" || v.Major == 0 && v.Minor == 0:
		v.Build = ""
		return v.String()
	case v.Major == 0:
		return "0." + strconv.FormatUint(v.Minor, 10)
	}
	return strconv.FormatUint(v.Major, 10)
}
