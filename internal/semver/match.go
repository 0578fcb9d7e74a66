package semver

import "cmp"

// Matches reports whether a version satisfies every comparator of the requirement.
// A prerelease does only if one of them has a prerelease of the same three
// numbers: who writes >=1.0 does not ask for 2.0.0-alpha.
func (r Requirement) Matches(v Version) bool {
	asked := v.Pre == ""
	for _, c := range r.comparators {
		if !c.matches(v) {
			return false
		}
		asked = asked || c.pre != "" && c.compare(v, 3) == 0
	}
	return asked
}

// compare orders the first n numbers of v, of those that c gives, after those of c.
func (c comparator) compare(v Version, n int) int {
	numbers := [3]uint64{v.Major, v.Minor, v.Patch}
	for i := range min(n, c.given) {
		if order := cmp.Compare(numbers[i], c.numbers[i]); order != 0 {
			return order
		}
	}
	return 0
}

func (c comparator) matches(v Version) bool {
	order, pre := c.compare(v, 3), comparePre(v.Pre, c.pre)
	whole := c.given == 3 // >1.2 begins after all of 1.2, so pre cannot decide
	switch c.op {
	case ">":
		return order > 0 || order == 0 && whole && pre > 0
	case ">=":
		return order > 0 || order == 0 && (pre == 0 || whole && pre > 0)
	case "<":
		return order < 0 || order == 0 && whole && pre < 0
	case "<=":
		return order < 0 || order == 0 && (pre == 0 || whole && pre < 0)
	case "~":
		return c.compare(v, 2) == 0 && (order > 0 || order == 0 && pre >= 0)
	case "^":
		return c.compare(v, c.fixed()) == 0 && (order > 0 || order == 0 && (!whole || pre >= 0))
	}
	return order == 0 && pre == 0
}

// fixed returns how many numbers the versions compatible with c share: those up to
// the first that is not zero.
func (c comparator) fixed() int {
	for i, n := range c.numbers[:c.given] {
		if n != 0 {
			return i + 1
		}
	}
	return c.given
}
