package target

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// WorldName is the full name of a world, such as acme:host/http@1.2.0.
type WorldName struct {
	Package string // NAMESPACE:NAME
	World   string
	Version string // empty for none
}

// String returns the name as it is written.
func (n WorldName) String() string {
	s := n.Package + "/" + n.World
	if n.Version != "" {
		s += "@" + n.Version
	}
	return s
}

// ErrWorldName means that text is not the name of a world.
var ErrWorldName = errors.New("not the name of a world")

// ParseWorldName reads NAMESPACE:PACKAGE/WORLD or NAMESPACE:PACKAGE/WORLD@VERSION.
// The error wraps ErrWorldName.
func ParseWorldName(text string) (WorldName, error) {
	name, version, versioned := strings.Cut(text, "@")
	pkg, world, ok := strings.Cut(name, "/")
	namespace, local, okPackage := strings.Cut(pkg, ":")
	if !ok || !okPackage || !isLabel(namespace) || !isLabel(local) || !isLabel(world) {
		return WorldName{}, fmt.Errorf("%s is %w: write one such as \"acme:host/http@1.0.0\"", wording.Quote(text), ErrWorldName)
	}
	if versioned {
		if _, err := semver.Parse(version); err != nil {
			return WorldName{}, fmt.Errorf("%s is %w: %v", wording.Quote(text), ErrWorldName, err)
		}
	}
	return WorldName{pkg, world, version}, nil
}

// isLabel reports whether s is a label of WIT: words joined by hyphens, of letters
// of one case and digits, the first one with a letter in front.
func isLabel(s string) bool {
	for i, word := range strings.Split(s, "-") {
		if word == "" || i == 0 && !isLetter(word[0]) {
			return false
		}
		if strings.ToLower(word) != word && strings.ToUpper(word) != word {
			return false
		}
		for j := range len(word) {
			if !isLetter(word[j]) && !isDigit(word[j]) {
				return false
			}
		}
	}
	return true
}
