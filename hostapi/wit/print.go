package wit

import (
	"fmt"
	"strings"
)

// String renders the set as one WIT file: the root package, and the others as nested packages. It parses to the same
// model, except for positions. Comments that are no documentation are not part of the model.
func (s *Set) String() string {
	p := &printer{}
	if s.Root != nil {
		p.packageFile(s.Root)
	}
	for _, pkg := range s.Packages {
		if pkg != s.Root {
			p.nestedPackage(pkg)
		}
	}
	return p.out.String()
}

// String renders the package as one WIT file, which needs the packages it uses beside it to resolve.
func (p *Package) String() string {
	pr := &printer{}
	pr.packageFile(p)
	return pr.out.String()
}

// A printer renders WIT text with two spaces of indentation.
type printer struct {
	out   strings.Builder
	depth int
	pkg   *Package
	names map[*TypeDef]string // what types are called in the current interface or world

	class string // of the item before, "" at the start of a block
	block bool   // the item before takes several lines
}

func (p *printer) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

// line starts a line.
func (p *printer) line() { p.out.WriteString(strings.Repeat("  ", p.depth)) }

// item starts an item: a blank line where it differs in class from the one before or either takes several lines,
// then documentation, attributes and indentation.
func (p *printer) item(class string, block bool, docs string, s Stability, externalID string) {
	block = block || docs != "" || !s.IsZero() || externalID != ""
	if p.class != "" && (block || p.block || class != p.class) {
		p.out.WriteString("\n")
	}
	p.class, p.block = class, block
	p.docs(docs)
	if s.Since != "" {
		p.attribute("since(version = %s)", s.Since)
	}
	if s.Unstable != "" {
		p.attribute("unstable(feature = %s)", escaped(s.Unstable))
	}
	if s.Deprecated != "" {
		p.attribute("deprecated(version = %s)", s.Deprecated)
	}
	if externalID != "" {
		p.attribute("external-id(%s)", quoteString(externalID))
	}
	p.line()
}

func (p *printer) docs(docs string) {
	for _, l := range docLines(docs) {
		p.line()
		if l != "" {
			l = " " + l
		}
		p.out.WriteString("///" + l + "\n")
	}
}

func (p *printer) attribute(format, value string) {
	p.line()
	p.printf("@"+format+"\n", value)
}

// braces renders a block after its opening words.
func (p *printer) braces(empty bool, body func()) {
	if empty {
		p.out.WriteString(" {}\n")
		return
	}
	p.out.WriteString(" {\n")
	p.depth++
	p.class = ""
	body()
	p.depth--
	p.class, p.block = "block", true
	p.line()
	p.out.WriteString("}\n")
}

func (p *printer) packageFile(pkg *Package) {
	p.item("package", false, pkg.Docs, Stability{}, "")
	p.printf("package %s;\n", packagePath(pkg))
	p.packageItems(pkg)
}

func (p *printer) nestedPackage(pkg *Package) {
	p.item("nested", true, pkg.Docs, Stability{}, "")
	p.printf("package %s", packagePath(pkg))
	p.braces(len(pkg.Interfaces)+len(pkg.Worlds) == 0, func() { p.packageItems(pkg) })
}

func (p *printer) packageItems(pkg *Package) {
	p.pkg = pkg
	for _, i := range pkg.Interfaces {
		p.item("interface", true, i.Docs, i.Stability, "")
		p.printf("interface %s", escaped(i.Name))
		p.interfaceBody(i)
	}
	for _, w := range pkg.Worlds {
		p.world(w)
	}
}

func (p *printer) interfaceBody(i *Interface) {
	outer := p.names
	p.names = localNames(i.Types, i.Uses)
	p.braces(len(i.Uses)+len(i.Types)+len(i.Funcs) == 0, func() {
		p.uses(i.Uses)
		for _, d := range i.Types {
			p.typeDef(d)
		}
		for _, f := range i.Funcs {
			if f.Kind == FreeFunc {
				p.function(f)
			}
		}
	})
	p.names = outer
}

// localNames maps types to what they are called in a scope.
func localNames(defs []*TypeDef, uses []*Use) map[*TypeDef]string {
	names := make(map[*TypeDef]string)
	for _, u := range uses {
		names[u.Type] = u.Name
	}
	for _, d := range defs {
		names[d] = d.Name
	}
	return names
}

// uses renders use statements, those of one origin together.
func (p *printer) uses(uses []*Use) {
	for i, u := range uses {
		together := i > 0 && uses[i-1].From == u.From && uses[i-1].Docs == u.Docs && uses[i-1].Stability == u.Stability
		if together {
			p.out.WriteString(", ")
		} else {
			p.endUse(i)
			p.item("use", false, u.Docs, u.Stability, "")
			p.printf("use %s.{", p.interfacePath(u.From))
		}
		p.out.WriteString(escaped(u.Member))
		if u.Member != u.Name {
			p.out.WriteString(" as " + escaped(u.Name))
		}
	}
	p.endUse(len(uses))
}

// endUse ends the statement before the use at i.
func (p *printer) endUse(i int) {
	if i > 0 {
		p.out.WriteString("};\n")
	}
}

// interfacePath names an interface or world of the set from the package at hand.
func (p *printer) interfacePath(i *Interface) string { return p.path(i.Package, i.Name) }

func (p *printer) path(pkg *Package, name string) string {
	if pkg == p.pkg {
		return escaped(name)
	}
	id, version := packageParts(pkg)
	return id + "/" + escaped(name) + version
}

func packagePath(pkg *Package) string {
	id, version := packageParts(pkg)
	return id + version
}

// packageParts renders the name of a package and what stands at the end of every name in it.
func packageParts(pkg *Package) (id, version string) {
	var parts []string
	for _, n := range strings.Split(pkg.Namespace, ":") {
		parts = append(parts, escaped(n))
	}
	id = strings.Join(parts, ":") + ":"
	for i, n := range strings.Split(pkg.Name, "/") {
		if i > 0 {
			id += "/"
		}
		id += escaped(n)
	}
	if pkg.Version != "" {
		version = "@" + pkg.Version
	}
	return id, version
}

// escaped writes a name so that it is not taken for a keyword, in released and proposed WIT alike.
func escaped(name string) string {
	if keywords[name] || name == ErrorContext.String() {
		return "%" + name
	}
	return name
}

// quoteString renders a string literal.
func quoteString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r >= 0x7F:
			fmt.Fprintf(&b, `\u{%x}`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// docLines splits documentation for rendering; no documentation has no lines.
func docLines(docs string) []string {
	if docs == "" {
		return nil
	}
	return strings.Split(docs, "\n")
}
