package manifest

import (
	"errors"
	"strings"

	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// DependencyName selects imports of a component: the import with a plain name, or
// those of a package.
type DependencyName struct {
	Plain string // the name of an import; the other fields are empty then

	Package   string // NAMESPACE:NAME
	Interface string // empty for all interfaces of the package
	Version   string // empty for every version
}

// String returns the name as it is written.
func (n DependencyName) String() string {
	if n.Package == "" {
		return n.Plain
	}
	s := n.Package
	if n.Interface != "" {
		s += "/" + n.Interface
	}
	if n.Version != "" {
		s += "@" + n.Version
	}
	return s
}

// ParseDependencyName reads the name of a dependency: a plain name such as
// "logger", or namespace:name, which may be followed by /interface and by @version.
// The error says what to write instead.
func ParseDependencyName(text string) (DependencyName, error) {
	n, problem := parseDependencyName(text)
	if problem != "" {
		return DependencyName{}, errors.New(problem)
	}
	return n, nil
}

func parseDependencyName(text string) (DependencyName, string) {
	var n DependencyName
	wrong := func(problem, fix string) (DependencyName, string) {
		return n, wording.Quote(text) + " is not the name of a dependency: " + problem + ": " + fix
	}
	if !strings.ContainsAny(text, ":/") {
		problem := plainName.problem(text)
		switch name, _, versioned := strings.Cut(text, "@"); {
		case problem == "":
			n.Plain = text
			return n, ""
		case versioned && plainName.problem(name) == "":
			return wrong("a plain name has no version", "write namespace:name@1.2.3, or "+wording.Quote(name))
		case plainName.fix(text) != "":
			return wrong(problem, "write "+wording.Quote(plainName.fix(text)))
		}
		return wrong(problem, `write "my-name" or "namespace:name/interface@1.2.3"`)
	}
	rest, version, versioned := strings.Cut(text, "@")
	pkg, itf, narrow := strings.Cut(rest, "/")
	if versioned {
		if before, after, found := strings.Cut(version, "/"); found && !narrow {
			return wrong("the version stands at the end", "write "+wording.Quote(pkg+"/"+after+"@"+before))
		}
		if _, err := semver.Parse(version); err != nil {
			return n, "in the name of the dependency: " + err.Error()
		}
	}
	if problem := checkPackage(pkg); problem != "" {
		return n, problem
	}
	if narrow {
		if strings.Contains(itf, "/") {
			return wrong(`there is more than one "/"`, "write namespace:name/interface")
		}
		if problem := interfaceName.problem(itf); problem != "" {
			return wrong(problem, `write namespace:name/interface, such as "acme:tools/log"`)
		}
	}
	return DependencyName{Package: pkg, Interface: itf, Version: version}, ""
}

// track returns what the versions have in common that are compatible with the
// name's; it is empty if the name has no version.
func (n DependencyName) track() string {
	if n.Version == "" {
		return ""
	}
	v, _ := semver.Parse(n.Version) // was parsed before
	return v.Track()
}
