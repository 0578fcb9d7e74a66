package wit_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spinhost/spin/hostapi/wit"
)

// A generator writes random WIT that is right by construction.
type generator struct {
	rand  *rand.Rand
	out   strings.Builder
	count int

	resources []string // what the current scope can name
	types     []string // records and the like, and aliases that contain no borrow
}

func (g *generator) pick(options ...string) string { return options[g.rand.IntN(len(options))] }

func (g *generator) chance(percent int) bool { return g.rand.IntN(100) < percent }

func (g *generator) write(format string, args ...any) { fmt.Fprintf(&g.out, format, args...) }

// name makes a name that is new everywhere, sometimes with an acronym, a digit or an escape.
func (g *generator) name() string {
	g.count++
	return g.pick("", "", "%") + g.pick("a", "foo", "x9") + "-" + g.pick("n", "B", "list-", "0") + fmt.Sprint(g.count)
}

// meta writes documentation, gates and an external id, each perhaps.
func (g *generator) meta(external bool) {
	g.write("%s", g.pick("", "", "", "// plain\n", "/// Doc.\n///\n///  More of it.\n", "/** Block. */ ", "/**\n * One.\n * Two.\n */\n"))
	g.write("%s", g.pick("", "", "@since(version = 0.9.0) ", "@unstable(feature = f-x)\n", "@since(version = 1.0.0-rc.1) @deprecated(version = 1.0.0) "))
	if external && g.chance(20) {
		g.write("@external-id(%s) ", g.pick(`"x"`, `"a\u{2603}\"\\"`, `"\e2\98\83 y"`))
	}
}

// typ writes a type without borrows.
func (g *generator) typ(depth int) string {
	if depth > 4 {
		return "u8"
	}
	sub := func() string { return g.typ(depth + 1) }
	switch g.rand.IntN(16) {
	case 0:
		return "list<" + sub() + ">"
	case 1:
		return "list< " + sub() + " , " + fmt.Sprint(1+g.rand.IntN(9)) + ">"
	case 2:
		return "option<" + sub() + ">"
	case 3:
		return "tuple<" + sub() + g.pick("", ",", ", "+sub()) + ">"
	case 4:
		return g.pick("result", "result<"+sub()+">", "result<_, "+sub()+">", "result<"+sub()+","+sub()+">")
	case 5:
		return g.pick("stream", "stream<list<"+sub()+">>", "future", "future<"+sub()+">")
	case 6:
		return "map<" + g.pick("u8", "s64", "bool", "char", "string") + ", " + sub() + ">"
	case 7, 8:
		if len(g.resources) > 0 {
			return g.pick(g.pick(g.resources...), "own<"+g.pick(g.resources...)+">")
		}
	case 9, 10, 11:
		if len(g.types) > 0 {
			return g.pick(g.types...)
		}
	}
	return g.pick("bool", "s8", "u8", "s16", "u16", "s32", "u32", "s64", "u64", "f32", "f64", "char", "string", "error-context")
}

// param writes the type of a parameter, where a borrow may stand.
func (g *generator) param() string {
	if len(g.resources) > 0 && g.chance(30) {
		return g.pick("", "list<", "option<") + "borrow<" + g.pick(g.resources...) + ">"
	}
	return g.typ(0)
}

func (g *generator) signature() {
	var params []string
	for range g.rand.IntN(4) {
		p := g.param()
		params = append(params, g.name()+": "+p+strings.Repeat(">", strings.Count(p, "<")-strings.Count(p, ">")))
	}
	g.write("(%s)", strings.Join(params, ", "))
}

func (g *generator) funcType() {
	g.write("%sfunc", g.pick("", "async "))
	g.signature()
	if g.chance(50) {
		g.write(" -> %s", g.typ(0))
	}
	g.write(";\n")
}

func (g *generator) members(item func()) {
	g.write("{ ")
	n := 1 + g.rand.IntN(4)
	for i := range n {
		g.write("%s", g.pick("", "/// Member.\n"))
		item()
		if i < n-1 || g.chance(50) {
			g.write(",\n")
		}
	}
	g.write(" }\n")
}

// typeDef writes a definition and makes it known.
func (g *generator) typeDef() {
	g.meta(true)
	name := g.name()
	switch g.rand.IntN(6) {
	case 0:
		g.write("record %s ", name)
		g.members(func() { g.write("%s: %s", g.name(), g.typ(0)) })
	case 1:
		g.write("variant %s ", name)
		g.members(func() { g.write("%s%s", g.name(), g.pick("", "("+g.typ(0)+")")) })
	case 2:
		g.write("%s %s ", g.pick("enum", "flags"), name)
		g.members(func() { g.write("%s", g.name()) })
	case 3:
		if len(g.resources) > 0 && g.chance(50) {
			g.write("type %s = %s;\n", name, g.pick(g.resources...))
			g.resources = append(g.resources, name)
			return
		}
		g.write("type %s = %s;\n", name, g.pick("list<"+g.typ(0)+">", "u8", "string"))
	default:
		g.resource(name)
		return
	}
	g.types = append(g.types, name)
}

func (g *generator) resource(name string) {
	g.resources = append(g.resources, name)
	g.write("resource %s {\n", name)
	if g.chance(50) {
		g.meta(true)
		g.write("constructor")
		g.signature()
		g.write("%s;\n", g.pick("", " -> result<"+name+">", " -> result<"+name+", "+g.typ(0)+">"))
	}
	for range g.rand.IntN(3) {
		g.meta(true)
		g.write("%s: %s", g.name(), g.pick("", "static "))
		g.funcType()
	}
	g.write("}\n")
}

// An exporter is an interface that others can use types of.
type exporter struct {
	path             string
	resources, types []string
}

// uses writes use statements and makes their names known.
func (g *generator) uses(from []exporter) {
	for _, e := range from {
		if !g.chance(40) {
			continue
		}
		var names []string
		take := func(members []string, known *[]string) {
			for _, m := range members {
				if g.chance(50) {
					as := g.name()
					names = append(names, m+" as "+as)
					*known = append(*known, as)
				}
			}
		}
		take(e.resources, &g.resources)
		take(e.types, &g.types)
		if len(names) > 0 {
			g.write("%suse %s.{%s};\n", g.pick("", "/// Use.\n"), e.path, strings.Join(names, ", "))
		}
	}
}

// interfaceBody writes the inside of an interface that can use those given.
func (g *generator) interfaceBody(from []exporter) (resources, types []string) {
	g.resources, g.types = nil, nil
	g.write("{\n")
	g.uses(from)
	for range g.rand.IntN(6) {
		g.typeDef()
	}
	for range g.rand.IntN(4) {
		g.meta(true)
		g.write("%s: ", g.name())
		g.funcType()
	}
	g.write("}\n")
	return g.resources, g.types
}

func (g *generator) world(name string, from []exporter, earlier []string) {
	g.meta(false)
	g.write("world %s {\n", name)
	g.resources, g.types = nil, nil
	g.uses(from)
	for range g.rand.IntN(3) {
		g.typeDef()
	}
	for range g.rand.IntN(3) {
		g.meta(true)
		g.write("%s %s: ", g.pick("import", "export"), g.name())
		g.funcType()
	}
	for _, e := range from {
		if g.chance(40) {
			g.meta(true)
			g.write("import %s%s;\n", g.pick("", g.name()+": "), e.path)
		}
	}
	if g.chance(50) {
		g.write("%s %s: interface ", g.pick("import", "export"), g.name())
		g.interfaceBody(from)
	}
	if len(earlier) > 0 && g.chance(50) {
		g.write("include %s;\n", g.pick(earlier...))
	}
	g.write("}\n")
}

// text writes a nested package that others use, and a root package.
func (g *generator) text() string {
	g.write("package %s;\n", g.pick("root:pkg@1.0.0", "%world:%use@2.3.4-x.1+y"))
	var body strings.Builder
	var exporters []exporter
	g.write("package dep:pkg@1.0.0 {\n")
	for i := range 1 + g.rand.IntN(3) {
		g.meta(false)
		g.write("interface dep%d ", i)
		r, t := g.interfaceBody(exporters)
		exporters = append(exporters, exporter{fmt.Sprintf("dep%d", i), r, t})
	}
	g.write("}\n")
	for i := range exporters {
		exporters[i].path = "dep:pkg/" + exporters[i].path + "@1.0.0"
	}
	for i := range g.rand.IntN(4) {
		g.meta(false)
		g.write("interface own%d ", i)
		r, t := g.interfaceBody(exporters)
		exporters = append(exporters, exporter{fmt.Sprintf("own%d", i), r, t})
	}
	var worlds []string
	for i := range g.rand.IntN(3) {
		worlds = append(worlds, fmt.Sprintf("world%d", i))
		g.world(worlds[i], exporters, worlds[:i])
	}
	return body.String() + g.out.String()
}

// Whatever right text is made of, it loads and survives rendering.
func FuzzGenerated(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		g := &generator{rand: rand.New(rand.NewPCG(seed, 0))}
		text := g.text()
		set, err := wit.Parse("generated.wit", text)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		checkRoundTrip(t, set)
	})
}
