package gen

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// writeResource writes the Go interface that stands for a resource. One without methods gets
// a method of its own, so that not every value implements it.
func (p *pkg) writeResource(c *code, d *wit.TypeDef, k *wit.Resource) {
	name := p.typeName(d)
	text := "\nImplementations that have something to do when guests drop it implement abi.Dropper too."
	if block := p.blocking(methods(k)); block != "" {
		text += "\n" + block
	}
	c.comment(text)
	c.line("type %s interface {", name)
	n := 0
	for _, f := range k.Funcs {
		if f.Kind == wit.Method {
			p.writeMethod(c, f)
			n++
		}
	}
	if n == 0 {
		c.line("// Is%s tells %s from other values; it is not called.", name, d.Name)
		c.line("Is%s()", name)
	}
	c.line("}\n")
}

// writeMethod writes a function as a method of a Go interface.
func (p *pkg) writeMethod(c *code, f *wit.Func) {
	name := p.funcName(f)
	c.comment(sentence(name, p.funcMarks(f).docs, fmt.Sprintf("is the function %s.", f.WireName())))
	params := []string{"ctx context.Context"}
	for _, q := range p.params(f) {
		params = append(params, paramName(q.label)+" "+q.typ.goty)
	}
	c.line("%s(%s) %s", name, strings.Join(params, ", "), p.resultOf(f, out).goResults())
}

// params returns the parameters of a host's method, without the self of a method.
func (p *pkg) params(f *wit.Func) []param {
	list := p.wireParams(f, in)
	if f.Kind == wit.Method {
		list = list[1:]
	}
	return list
}
