package engine

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// suggest says which of names is most like name, "" if none is.
func suggest(name string, names []string) string {
	best, dist := "", 1+len(name)/3
	for _, n := range names {
		if d := distance(name, n, dist); d < dist {
			best, dist = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the edit distance of a and b, or max if it is not less.
func distance(a, b string, max int) int {
	if d := len(a) - len(b); d >= max || -d >= max {
		return max
	}
	return wording.Distance(a, b)
}

// trackOf splits an interface name into its compatibility track, such as "wasi:io/poll@0.2"
// of "wasi:io/poll@0.2.6", and the version's numbers. Names without version and those of
// pre-releases are a track of their own.
func trackOf(name string) (track string, order []uint64) {
	base, version, ok := strings.Cut(name, "@")
	if !ok {
		return name, nil
	}
	version, _, _ = strings.Cut(version, "+")
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return name, nil
	}
	for _, p := range parts {
		n, ok := number(p)
		if !ok {
			return name, nil
		}
		order = append(order, n)
	}
	switch {
	case order[0] > 0:
		return base + "@" + parts[0], order
	case order[1] > 0:
		return base + "@0." + parts[1], order
	}
	return name, order
}

func number(s string) (n uint64, ok bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return n, true
}

func less(a, b []uint64) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return len(a) < len(b)
}
