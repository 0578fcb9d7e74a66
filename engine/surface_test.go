package engine_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"
)

// Every exported function, type and method is shown in an Example: it has one of its own, or
// another uses it. Of types that only hold data, which others return, the documentation is
// enough.
func TestEverythingHasAnExample(t *testing.T) {
	fset := token.NewFileSet()
	var files []*ast.File
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(fset, e.Name(), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case !strings.HasSuffix(e.Name(), "_test.go"):
			files = append(files, f)
		case strings.HasPrefix(e.Name(), "example_"):
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.SelectorExpr:
					used[n.Sel.Name] = true
				case *ast.FuncDecl:
					if name, ok := strings.CutPrefix(n.Name.Name, "Example"); ok {
						name, _, _ = strings.Cut(name, "_")
						used[name] = true
					}
				}
				return true
			})
		}
	}
	p, err := doc.NewFromFiles(fset, files, "engine")
	if err != nil {
		t.Fatal(err)
	}
	want := func(name, text string) {
		if !used[name] {
			t.Errorf("%s is in no Example", name)
		}
		if text == "" {
			t.Errorf("%s is not documented", name)
		}
	}
	for _, f := range p.Funcs {
		want(f.Name, f.Doc)
	}
	for _, typ := range p.Types {
		does := append(typ.Funcs, typ.Methods...)
		if len(does) == 0 || len(does) == 1 && does[0].Name == "String" {
			used[typ.Name] = true
		}
		for _, f := range typ.Funcs { // constructors
			used[typ.Name] = used[typ.Name] || used[f.Name]
		}
		want(typ.Name, typ.Doc)
		for _, f := range does {
			switch f.Name {
			case "Error", "Is", "Unwrap", "String": // of errors, which package errors calls
				continue
			}
			want(f.Name, f.Doc)
		}
	}
}
