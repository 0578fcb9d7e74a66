package semver

import (
	"strconv"
	"strings"
)

// Requirement says which versions will do. The zero Requirement is *, any
// release.
type Requirement struct {
	comparators []comparator
}

// comparator is one condition of a requirement.
type comparator struct {
	op      string // = > >= < <= ~ ^
	numbers [3]uint64
	given   int    // how many of the numbers there are
	pre     string // only if all are
}

const (
	requirementKind = "version requirement"
	maxComparators  = 32
)

// ParseRequirement reads a requirement. The error is an [*Error].
func ParseRequirement(text string) (Requirement, error) {
	s := newScanner(text, requirementKind)
	s.spaces()
	if s.wildcard() {
		s.spaces()
		if s.at < len(text) {
			s.fail(requirementKind, "there is "+s.found()+" after the wildcard", "write the wildcard alone")
		}
		return s.requirement(nil)
	}
	var list []comparator
	for s.err == nil {
		if len(list) == maxComparators {
			s.fail(requirementKind, "it has more than "+strconv.Itoa(maxComparators)+" comparators", "")
			break
		}
		list = append(list, s.comparator())
		s.spaces()
		if s.at == len(text) {
			break
		}
		if !s.accept(",") {
			s.fail(requirementKind, "there is "+s.found()+" after a comparator", afterComparator(s.rest()))
		}
		s.spaces()
	}
	return s.requirement(list)
}

func (s *scanner) requirement(list []comparator) (Requirement, error) {
	if s.err != nil {
		return Requirement{}, s.err
	}
	return Requirement{list}, nil
}

// afterComparator says what to do about something that is no comma.
func afterComparator(rest string) string {
	switch rest[0] {
	case '|':
		return "there are no alternatives: write a range, such as >=1.0, <3.0"
	case '-', '+':
		return "write all three numbers before a prerelease, such as 1.2.0-beta"
	}
	return "separate comparators by commas, such as >=1.0, <3.0"
}

// Exactly returns the requirement =v, which v and versions with other build
// metadata satisfy.
func Exactly(v Version) Requirement {
	return Requirement{[]comparator{{"=", [3]uint64{v.Major, v.Minor, v.Patch}, 3, v.Pre}}}
}

func (s *scanner) wildcard() bool {
	return s.accept("*") || s.accept("x") || s.accept("X")
}

func (s *scanner) comparator() comparator {
	if rest := s.rest(); rest != "" && strings.Contains("*xX", rest[:1]) {
		s.fail(requirementKind, "a wildcard stands beside a comparator", "write the wildcard alone")
	}
	c := comparator{}
	for _, op := range []string{">=", "<=", "=", ">", "<", "~", "^"} {
		if s.accept(op) {
			c.op = op
			break
		}
	}
	s.spaces()
	wild := false
	for c.given = 0; c.given < len(c.numbers) && s.err == nil; c.given++ {
		if c.given > 0 && !s.accept(".") {
			break
		}
		if c.given > 0 && s.wildcard() {
			wild = true
			break
		}
		c.numbers[c.given] = s.number(requirementKind)
	}
	if wild {
		s.afterWildcard(c.given)
	} else if c.given == len(c.numbers) {
		c.pre, _ = s.tags(requirementKind)
	}
	switch {
	case c.op != "":
	case wild:
		c.op = "="
	default:
		c.op = "^"
	}
	return c
}

// afterWildcard takes the second wildcard of 1.*.*, and nothing else.
func (s *scanner) afterWildcard(given int) {
	if given == 1 && s.accept(".") && !s.wildcard() {
		s.fail(requirementKind, "there is "+s.found()+" after a wildcard", "write wildcards at the end, such as 1.*")
	}
}

// String returns the requirement in a normal form: comparators with their
// operators, without wildcards.
func (r Requirement) String() string {
	if len(r.comparators) == 0 {
		return "*"
	}
	list := make([]string, len(r.comparators))
	for i, c := range r.comparators {
		var b strings.Builder
		b.WriteString(c.op)
		for j, n := range c.numbers[:c.given] {
			if j > 0 {
				b.WriteByte('.')
			}
			b.WriteString(strconv.FormatUint(n, 10))
		}
		if c.pre != "" {
			b.WriteString("-" + c.pre)
		}
		list[i] = b.String()
	}
	return strings.Join(list, ", ")
}
