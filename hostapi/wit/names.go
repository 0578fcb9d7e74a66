package wit

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// maxName bounds an identifier, so that names repeated by expansion stay small. The grammar sets no bound.
const maxName = 256

// keywords cannot be identifiers unless written with a leading %.
var keywords = map[string]bool{
	"as": true, "async": true, "bool": true, "borrow": true, "char": true, "constructor": true, "enum": true,
	"export": true, "f32": true, "f64": true, "flags": true, "from": true, "func": true, "future": true,
	"import": true, "include": true, "interface": true, "list": true, "map": true, "option": true, "own": true,
	"package": true, "record": true, "resource": true, "result": true, "s16": true, "s32": true, "s64": true,
	"s8": true, "static": true, "stream": true, "string": true, "tuple": true, "type": true, "u16": true,
	"u32": true, "u64": true, "u8": true, "use": true, "variant": true, "with": true, "world": true,
}

func isLower(c byte) bool  { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool  { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return isLower(c) || isUpper(c) }

// labelFault says what keeps s from being a label of the component model, the empty string if nothing does.
// A label is words in lower case or acronyms in upper case, joined by single hyphens, starting with a letter.
func labelFault(s string) string {
	switch {
	case s == "":
		return "is empty"
	case len(s) > maxName:
		return "is too long"
	case !isLetter(s[0]):
		return "must start with a letter"
	case strings.ContainsRune(s, '_'):
		return "has an underscore; names are written in kebab-case, as in " + strings.ReplaceAll(strings.Trim(s, "_"), "_", "-")
	}
	for _, part := range strings.Split(s, "-") {
		if part == "" {
			return "has a hyphen that joins nothing"
		}
		if strings.ContainsFunc(part, func(c rune) bool { return 'a' <= c && c <= 'z' }) &&
			strings.ContainsFunc(part, func(c rune) bool { return 'A' <= c && c <= 'Z' }) {
			return "mixes upper and lower case in one word; names are written in kebab-case"
		}
	}
	return ""
}

// packageNameFault is labelFault for the parts of a package name, where only lower case is allowed.
func packageNameFault(s string) string {
	if fault := labelFault(s); fault != "" {
		return fault
	}
	if s != strings.ToLower(s) {
		return "must be in lower case: it names a package"
	}
	return ""
}

// A nameSet tells whether names are strongly unique: distinct whatever the letter case, and for functions of
// resources as the component model's "Name Uniqueness" has it, where [method]r.f and [static]r.f are one name and
// [method]r.r is r.
type nameSet map[string]ident

// add enters a wire name if it is new, and else returns the earlier one.
func (s nameSet) add(wire ident) (earlier ident, ok bool) {
	key := canonicalName(wire.name)
	if earlier, taken := s[key]; taken {
		return earlier, false
	}
	s[key] = wire
	return ident{}, true
}

// clash says what is wrong with a name that an earlier one has taken; done is how names come about.
func clash(name string, done string, earlier ident) string {
	if name == earlier.name {
		return name + " is already " + done + " at " + earlier.pos.String()
	}
	return name + " counts as the same name as " + earlier.name + ", which is " + done + " at " + earlier.pos.String()
}

func canonicalName(wire string) string {
	name := strings.ToLower(wire)
	for _, prefix := range []string{"[method]", "[static]"} {
		if rest, found := strings.CutPrefix(name, prefix); found {
			if res, fn, ok := strings.Cut(rest, "."); ok && res == fn {
				return res
			}
			return rest
		}
	}
	return name
}

// suggestion renders "; did you mean x?" for the candidate nearest to name, or nothing. It gives up on names and
// sets so large that looking would take long.
func suggestion(name string, candidates []string) string {
	if len(name) > 64 || len(candidates) > 1000 {
		return ""
	}
	best, bestDistance := "", 3
	slices.Sort(candidates)
	for _, c := range candidates {
		if len(c) > 64 || c == name {
			continue
		}
		if d := wording.Distance(name, c); d < bestDistance && 2*d <= len(name) {
			best, bestDistance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + "?"
}
