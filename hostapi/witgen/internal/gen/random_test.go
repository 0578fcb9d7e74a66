package gen

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// writer writes random WIT that has a Go form.
type writer struct {
	r         *rand.Rand
	b         strings.Builder
	n         int
	resources []string
	named     []string
}

func (w *writer) pick(options ...string) string { return options[w.r.IntN(len(options))] }

// typeName is new everywhere.
func (w *writer) typeName() string {
	w.n++
	return w.pick("a", "http-x", "error", "string", "case-", "list-of-") + fmt.Sprintf("n%d", w.n)
}

// members returns n names, among them those that Go or generated code gives a meaning.
func (w *writer) members(n int) []string {
	names := []string{"type", "func", "range", "string", "error", "len", "abi", "context", "io", "g", "p", "v", "c", "f", "ref",
		"err", "ctx", "result", "impl", "nil", "any", "make", "case-of", "x", "e", "fail", "i", "ptr", "n", "ok", "self2", "payload"}
	w.r.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	for i := range names {
		names[i] = "%" + names[i]
	}
	return names[:n]
}

func (w *writer) typ(depth int, channels bool) string {
	if depth > 3 {
		return w.pick("u8", "string", "bool")
	}
	sub := func() string { return w.typ(depth+1, channels) }
	switch w.r.IntN(14) {
	case 0:
		return "list<" + sub() + ">"
	case 1:
		return "option<" + sub() + ">"
	case 2:
		parts := make([]string, 1+w.r.IntN(maxTuple))
		for i := range parts {
			parts[i] = sub()
		}
		return "tuple<" + strings.Join(parts, ", ") + ">"
	case 3:
		return w.pick("result", "result<"+sub()+">", "result<_, "+sub()+">", "result<"+sub()+", "+sub()+">")
	case 4:
		return "map<" + w.pick("string", "u32", "char") + ", " + sub() + ">"
	case 5:
		if channels {
			return w.pick("stream", "future", "stream<u8>", "future<"+sub()+">", "stream<list<"+sub()+">>")
		}
	case 6:
		if len(w.resources) > 0 {
			return w.pick(w.resources...)
		}
	case 7, 8, 9:
		if len(w.named) > 0 {
			return w.pick(w.named...)
		}
	}
	return w.pick("bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string")
}

func (w *writer) signature(async bool) string {
	var params []string
	for _, n := range w.members(w.r.IntN(5)) {
		p := w.typ(0, true)
		if len(w.resources) > 0 && w.r.IntN(4) == 0 {
			p = w.pick("borrow<%s>", "list<borrow<%s>>", "option<borrow<%s>>")
			p = fmt.Sprintf(p, w.pick(w.resources...))
		}
		params = append(params, n+": "+p)
	}
	s := "func(" + strings.Join(params, ", ") + ")"
	if async && w.r.IntN(2) == 0 {
		s = "async " + s
	}
	if w.r.IntN(3) > 0 {
		s += " -> " + w.typ(0, true)
	}
	return s
}

func (w *writer) definition() {
	name := w.typeName()
	members := func(item func(n string) string) string {
		var list []string
		for _, n := range w.members(1 + w.r.IntN(12)) {
			list = append(list, item(n))
		}
		return "{ " + strings.Join(list, ", ") + " }"
	}
	switch w.r.IntN(6) {
	case 0:
		fmt.Fprintf(&w.b, "record %s %s\n", name, members(func(n string) string {
			if n == "%error" { // the name of a method, if the record is an error case
				n = "%error-" + "code"
			}
			return n + ": " + w.typ(1, false)
		}))
	case 1:
		fmt.Fprintf(&w.b, "variant %s %s\n", name, members(func(n string) string { return n + w.pick("", "("+w.typ(1, false)+")") }))
	case 2:
		fmt.Fprintf(&w.b, "%s %s %s\n", w.pick("enum", "flags"), name, members(func(n string) string { return n }))
	case 3:
		fmt.Fprintf(&w.b, "type %s = %s;\n", name, w.typ(1, false))
	default:
		w.resources = append(w.resources, name)
		fmt.Fprintf(&w.b, "resource %s {\n", name)
		if w.r.IntN(2) == 0 {
			fmt.Fprintf(&w.b, "constructor(a: u8)%s;\n", w.pick("", " -> result<"+name+">", " -> result<"+name+", string>"))
		}
		for _, n := range w.members(w.r.IntN(4)) {
			fmt.Fprintf(&w.b, "%s: %s%s;\n", n, w.pick("", "", "static "), w.signature(true))
		}
		w.b.WriteString("}\n")
		return
	}
	w.named = append(w.named, name)
}

// text writes a package with an interface to import and one to export that uses it.
func (w *writer) text() string {
	w.b.WriteString("package a:b@1.0.0;\ninterface imported {\n")
	for range w.r.IntN(8) {
		w.definition()
	}
	for _, n := range w.members(w.r.IntN(6)) {
		fmt.Fprintf(&w.b, "%s: %s;\n", n, w.signature(true))
	}
	w.b.WriteString("}\ninterface exported {\n")
	if all := append(append([]string(nil), w.resources...), w.named...); len(all) > 0 {
		fmt.Fprintf(&w.b, "use imported.{%s};\n", strings.Join(all, ", "))
	}
	for _, n := range w.members(w.r.IntN(6)) {
		fmt.Fprintf(&w.b, "%s: %s;\n", n, w.signature(true))
	}
	w.b.WriteString("}\n")
	return w.b.String()
}

// Whatever WIT has a Go form, that form compiles.
func TestRandomPackages(t *testing.T) {
	fset := token.NewFileSet()
	imp := importer.ForCompiler(fset, "source", nil)
	compiled := 0
	for seed := range uint64(50) {
		w := &writer{r: rand.New(rand.NewPCG(seed, 0))}
		text := w.text()
		set, err := wit.Parse("x.wit", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		files, err := Generate(set, Options{Package: "a:b@1.0.0", Exports: []string{"exported"}})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		var trees []*ast.File
		for _, f := range files {
			tree, err := parser.ParseFile(fset, f.Name, f.Text, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			trees = append(trees, tree)
		}
		config := types.Config{Importer: imp}
		if _, err := config.Check("b", fset, trees, nil); err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		compiled += len(files)
	}
	if compiled < 100 {
		t.Errorf("only %d files were compiled", compiled)
	}
}

// Any WIT either has a Go form or faults that can be reported.
func FuzzGenerate(f *testing.F) {
	for seed := range uint64(40) {
		w := &writer{r: rand.New(rand.NewPCG(seed, 1))}
		f.Add(w.text())
	}
	f.Add("package a:b;\n/// @go X\ninterface i { use j.{r}; f: func(x: own<r>); }\ninterface j { resource r; }")
	f.Add("package a:b;\nworld w { import f: func(); import i: interface { g: func(); } }")
	f.Fuzz(func(t *testing.T, text string) {
		set, err := wit.Parse("x.wit", text)
		if err != nil {
			t.Skip()
		}
		use := map[string]string{}
		for _, p := range set.Packages {
			use[p.ID()] = "example.com/" + p.Name
		}
		for _, p := range set.Packages {
			mine := map[string]string{}
			for id, path := range use {
				if id != p.ID() {
					mine[id] = path
				}
			}
			_, err := Generate(set, Options{Package: p.ID(), Use: mine})
			if _, ok := err.(wit.ErrorList); err != nil && !ok {
				t.Errorf("%v\n%s", err, text)
			}
		}
	})
}
