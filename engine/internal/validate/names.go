package validate

import (
	"fmt"
	"strings"
)

// nameKind is a production of the grammar of names (Explainer, "Import and
// Export Definitions").
type nameKind uint8

const (
	plainName nameKind = iota
	constructorName
	methodName
	staticName
	interfaceName
)

// name is a parsed import or export name.
type name struct {
	kind     nameKind
	resource string // of an annotated name
	version  string // of an interface name, without @
}

// annotated reports whether the name says what a function is to a resource.
func (n name) annotated() bool {
	return n.kind == constructorName || n.kind == methodName || n.kind == staticName
}

// parseName reads an import or export name.
func parseName(s string) (name, error) {
	if strings.HasPrefix(s, "[") {
		return parseAnnotated(s)
	}
	if strings.Contains(s, ":") {
		return parseInterface(s)
	}
	if !isLabel(s) {
		return name{}, fmt.Errorf("%q is not a valid name: it is not in kebab case", s)
	}
	return name{}, nil
}

func parseAnnotated(s string) (name, error) {
	annotation, rest, _ := strings.Cut(s[1:], "]")
	switch annotation {
	case "constructor":
		if !isLabel(rest) {
			return name{}, fmt.Errorf("%q is not a valid name: %q is not in kebab case", s, rest)
		}
		return name{kind: constructorName, resource: rest}, nil
	case "method", "static":
		n := name{kind: methodName}
		if annotation == "static" {
			n.kind = staticName
		}
		res, field, ok := strings.Cut(rest, ".")
		if !ok {
			return name{}, fmt.Errorf("%q is not a valid name: it has no . between a resource and a function", s)
		}
		if !isLabel(res) || !isLabel(field) {
			return name{}, fmt.Errorf("%q is not a valid name: %q or %q is not in kebab case", s, res, field)
		}
		n.resource = res
		return n, nil
	case "async", "async method", "async static":
		return name{}, fmt.Errorf("%q is a name from a 2025 preview of WASI 0.3: rebuild the component with current tools", s)
	}
	return name{}, fmt.Errorf("%q is not a valid name: annotation [%s] is not known", s, annotation)
}

// parseInterface reads namespace:package/interface[@version].
func parseInterface(s string) (name, error) {
	fail := func(format string, args ...any) (name, error) {
		return name{}, fmt.Errorf("%q is not a valid name: %s", s, fmt.Sprintf(format, args...))
	}
	path, version, versioned := strings.Cut(s, "@")
	namespace, rest, _ := strings.Cut(path, ":")
	pkg, iface, ok := strings.Cut(rest, "/")
	switch {
	case !isWords(namespace):
		return fail("namespace %q is not in lower kebab case", namespace)
	case strings.Contains(rest, ":"):
		return fail("nested namespaces are not supported")
	case !ok:
		return fail("expected / and an interface after the package")
	case !isWords(pkg):
		return fail("package %q is not in lower kebab case", pkg)
	case strings.Contains(iface, "/"):
		return fail("nested packages are not supported")
	case !isLabel(iface):
		return fail("interface %q is not in kebab case", iface)
	case versioned && !isSemver(version) && !isCanonicalVersion(version):
		return fail("%q is not a semantic version", version)
	}
	return name{kind: interfaceName, version: version}, nil
}

// isLabel reports whether s is fragments of one case each, joined by dashes, of
// which the first begins with a letter.
func isLabel(s string) bool {
	if s == "" || isDigit(s[0]) {
		return false
	}
	for f := range strings.SplitSeq(s, "-") {
		if f == "" || !isWord(f) && !isAcronym(f) {
			return false
		}
	}
	return true
}

// isWords is isLabel without upper case.
func isWords(s string) bool {
	if s == "" || isDigit(s[0]) {
		return false
	}
	for f := range strings.SplitSeq(s, "-") {
		if f == "" || !isWord(f) {
			return false
		}
	}
	return true
}

func isWord(s string) bool {
	return all(s, func(c byte) bool { return isDigit(c) || c >= 'a' && c <= 'z' })
}

func isAcronym(s string) bool {
	return all(s, func(c byte) bool { return isDigit(c) || c >= 'A' && c <= 'Z' })
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func all(s string, f func(byte) bool) bool {
	for i := range len(s) {
		if !f(s[i]) {
			return false
		}
	}
	return true
}

// uniqueNames finds names that are not strongly unique (Explainer, "Name
// Uniqueness"): what is left of them without case and annotation is the same.
type uniqueNames map[string]string

// add adds a name and returns the earlier one that it conflicts with, if any.
func (u *uniqueNames) add(s string) (conflict string, ok bool) {
	if *u == nil {
		*u = uniqueNames{}
	}
	key := canonical(s)
	if old, exists := (*u)[key]; exists {
		return old, false
	}
	(*u)[key] = s
	return "", true
}

func canonical(s string) string {
	base, version, versioned := strings.Cut(s, "@")
	base = strings.ToLower(base)
	for _, annotation := range []string{"[method]", "[static]"} {
		rest, ok := strings.CutPrefix(base, annotation)
		if !ok {
			continue
		}
		base = rest
		if res, field, _ := strings.Cut(rest, "."); res == field {
			base = res
		}
	}
	if versioned {
		return base + "@" + version
	}
	return base
}
