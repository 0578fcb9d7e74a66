package link

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/spinhost/spin/engine/internal/binary"
)

// Bounds of the paths of component instances, whose parts guests may choose.
const (
	maxPathPart = 100
	maxPath     = 500
)

// pathOf is the path of the instance of c that is made next in s. The parts are the names that
// toolchains give instances or components, or else numbers.
func (s *scope) pathOf(c *binary.Component) string {
	n := len(s.instances)
	name := part(s.c.Names.Item(binary.SortInstance, uint32(n)))
	if name == "" {
		name = part(c.Names.Component())
	}
	if name == "" {
		name = fmt.Sprintf("#%d", n)
	}
	switch {
	case s.path == "":
		return name
	case len(s.path)+len(name) >= maxPath:
		return strings.TrimSuffix(s.path, "/…") + "/…"
	}
	return s.path + "/" + name
}

// part makes a guest's name fit to be part of a path: short, and nothing but what can be printed.
func part(name string) string {
	if r := []rune(name); len(r) > maxPathPart {
		name = string(r[:maxPathPart]) + "…"
	}
	return strings.Map(func(r rune) rune {
		if r == '/' || !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name)
}
