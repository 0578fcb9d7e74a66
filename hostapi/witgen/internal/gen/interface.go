package gen

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// findWays visits all functions, so that every definition with streams or futures knows
// which way it goes before it is written.
func (p *pkg) findWays() {
	for _, i := range p.all {
		for _, f := range i.Funcs {
			if f.Kind == wit.Method || p.imported(i) {
				p.wireParams(f, in)
				p.resultOf(f, out)
			}
			if p.exported(i) {
				p.wireParams(f, out)
				p.resultOf(f, in)
			}
		}
	}
}

// writeInterface writes all that belongs to an interface: its Go interface, its types, what
// serves its functions and what calls them.
func (p *pkg) writeInterface(i *wit.Interface) *code {
	var c code
	name := p.interfaceName(i)
	if p.imported(i) || p.exported(i) {
		c.line("// %sID is the interface's name.", name)
		c.line("const %sID = %q\n", name, i.ID())
	}
	funcs := free(i)
	if p.imported(i) && len(funcs) > 0 {
		p.writeGoInterface(&c, i, funcs)
	}
	for _, d := range i.Types {
		if p.same[d] == nil {
			p.writeDef(&c, d)
		}
	}
	if p.imported(i) {
		p.writeServe(&c, i)
	}
	if p.exported(i) {
		for _, f := range funcs {
			p.writeCall(&c, f)
		}
	}
	return &c
}

// writeGoInterface writes the Go interface that hosts implement.
func (p *pkg) writeGoInterface(c *code, i *wit.Interface, funcs []*wit.Func) {
	name := p.interfaceName(i)
	text := fmt.Sprintf("%s implements %s.", name, i.ID())
	if docs := p.marks(i.Docs, i.Pos).docs; docs != "" {
		text += "\n\n" + docs
	}
	c.comment(text + "\n\nMethods return an error case of WIT as an error of its type; other errors trap the guest.\n" + p.blocking(funcs))
	c.line("type %s interface {", name)
	for _, f := range funcs {
		p.writeMethod(c, f)
	}
	c.line("}\n")
}

// writeServe writes the function that describes an implementation to the engine.
func (p *pkg) writeServe(c *code, i *wit.Interface) {
	name, param := p.interfaceName(i), ""
	if len(free(i)) > 0 {
		c.line("// Serve%s describes impl to the engine.", name)
		param = "impl " + name
	} else {
		c.line("// Serve%s describes the interface to the engine. It has methods of resources only.", name)
	}
	c.line("func Serve%s(%s) *abi.Interface {", name, param)
	c.line("return &abi.Interface{\nID: %sID,", name)
	if rs := resources(i); len(rs) > 0 {
		c.line("Resources: []string{")
		for _, r := range rs {
			c.line("%q,", r)
		}
		c.line("},")
	}
	var bodies code
	if len(i.Funcs) > 0 {
		c.line("Funcs: []abi.Func{")
		for _, f := range i.Funcs {
			c.line("{\nName: %q,\nType: %q,", f.WireName(), wit.Signature(f))
			c.line("Serve: %s,", p.writeServeFunc(&bodies, f))
			c.line("Refuse: %s,\n},", p.writeRefuse(&bodies, f))
		}
		c.line("},")
	}
	c.line("}\n}\n")
	c.Write(bodies.Bytes())
}

// resources lists the names of the resources that i defines.
func resources(i *wit.Interface) []string {
	var list []string
	for _, d := range i.Types {
		if _, ok := d.Kind.(*wit.Resource); ok {
			list = append(list, d.Name)
		}
	}
	return list
}
