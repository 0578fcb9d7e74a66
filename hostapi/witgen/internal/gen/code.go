package gen

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// code collects Go source.
type code struct{ bytes.Buffer }

// line writes one line.
func (c *code) line(format string, args ...any) {
	fmt.Fprintf(c, format, args...)
	c.WriteByte('\n')
}

// comment writes text as a comment of several lines.
func (c *code) comment(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		c.line("%s", strings.TrimRight("// "+line, " \t"))
	}
}

// uses reports whether the source mentions an identifier.
func (c *code) uses(name string) bool {
	word := func(b byte) bool {
		return b == '_' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	s := c.Bytes()
	for at := 0; ; {
		i := bytes.Index(s[at:], []byte(name))
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		if (i == 0 || !word(s[i-1]) && s[i-1] != '.') && (at == len(s) || !word(s[at])) {
			return true
		}
	}
}

// file completes the declarations in c to a formatted Go file.
func (p *pkg) file(name string, c *code) (File, error) {
	var f code
	f.line("%s%s. DO NOT EDIT.\n", Header, p.wit.ID())
	f.line("package %s\n", p.name)
	imports, err := p.importsOf(c)
	if err != nil {
		return File{}, fmt.Errorf("%s: generated code is broken: %w\n%s", name, err, c.Bytes())
	}
	if len(imports) > 0 {
		f.line("import (\n%s\n)\n", strings.Join(imports, "\n"))
	}
	f.Write(c.Bytes())
	text, err := format.Source(f.Bytes())
	if err != nil {
		return File{}, fmt.Errorf("%s: generated code is broken: %w", name, err)
	}
	return File{Name: name, Text: text}, nil
}

// importsOf returns the import specifications for the packages that the declarations mention.
func (p *pkg) importsOf(c *code) ([]string, error) {
	src := append([]byte("package p\n"), c.Bytes()...)
	tree, err := parser.ParseFile(token.NewFileSet(), "", src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	mentioned := map[string]bool{}
	ast.Inspect(tree, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok {
				mentioned[x.Name] = true
			}
		}
		return true
	})
	var std, own []string
	for _, name := range []string{"context", "io"} {
		if mentioned[name] {
			std = append(std, fmt.Sprintf("%q", name))
		}
	}
	if mentioned["abi"] {
		own = append(own, fmt.Sprintf("%q", abiPath))
	}
	for _, f := range p.use {
		if spec := fmt.Sprintf("%s %q", f.alias, f.path); mentioned[f.alias] && !slices.Contains(own, spec) {
			own = append(own, spec)
		}
	}
	slices.SortFunc(own, func(a, b string) int { return strings.Compare(a[strings.Index(a, `"`):], b[strings.Index(b, `"`):]) })
	if len(std) > 0 && len(own) > 0 {
		std = append(std, "")
	}
	return append(std, own...), nil
}

// abiPath is the package that generated code calls.
const abiPath = "github.com/spinhost/spin/engine/abi"
