package gen

import (
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// writeVariant writes a struct of a case and a payload, with a constructor for each case and
// an accessor for each payload.
func (p *pkg) writeVariant(c *code, d *wit.TypeDef, k *wit.Variant, way dir) {
	name, t := p.typeName(d), p.named(d, way, d.Pos)
	c.comment("\nThe zero value is the first case.")
	c.line("type %s struct {", name)
	if !t.comparable {
		c.line("_ [0]func() // payloads cannot be compared")
	}
	c.line("// Case says which case it is.")
	c.line("Case %sCase", name)
	if payloads(t) {
		c.line("payload any")
	}
	c.line("}\n")
	p.writeCases(c, name, k)
	for i, w := range k.Cases {
		p.writeCase(c, name, w, t.cases[i])
	}
	p.writeVariantString(c, d, t)
}

func payloads(t *typ) bool {
	for _, c := range t.cases {
		if c.typ != nil {
			return true
		}
	}
	return false
}

// writeCases writes the enum of the cases.
func (p *pkg) writeCases(c *code, name string, k *wit.Variant) {
	cases := make([]wit.Label, len(k.Cases))
	for i, w := range k.Cases {
		cases[i] = wit.Label{Name: w.Name, Docs: w.Docs, Pos: w.Pos}
	}
	c.line("// %sCase names a case of %s.", name, name)
	p.writeEnum(c, name+"Case", name, cases)
}

// writeCase writes the constructor and the accessor of a case.
func (p *pkg) writeCase(c *code, name string, w wit.Case, v variantCase) {
	label := name + "Case" + v.goName
	if v.typ == nil {
		c.line("// %s%s returns the case %s.", name, v.goName, w.Name)
		c.line("func %s%s() %s { return %s{Case: %s} }\n", name, v.goName, name, name, label)
		return
	}
	goty := v.typ.goty
	c.line("// %s%s returns the case %s with payload p.", name, v.goName, w.Name)
	c.line("func %s%s(p %s) %s { return %s{Case: %s, payload: p} }\n", name, v.goName, goty, name, name, label)
	accessor := accessorName(v.goName)
	c.line("// %s returns the payload of the case %s, if it is that.", accessor, w.Name)
	c.line("func (x %s) %s() (p %s, ok bool) {", name, accessor, goty)
	c.line("if x.Case != %s {\nreturn p, false\n}", label)
	c.line("p, _ = x.payload.(%s)", goty)
	c.line("return p, true\n}\n")
}

// writeVariantString writes String, which shows payloads unless they have handles, which
// have no text.
func (p *pkg) writeVariantString(c *code, d *wit.TypeDef, t *typ) {
	name := p.typeName(d)
	var opaque []string
	for _, v := range t.cases {
		if v.typ != nil && v.typ.refs > 0 {
			opaque = append(opaque, name+"Case"+v.goName)
		}
	}
	c.line("// String returns the name of the case in WIT, and its payload.")
	c.line("func (x %s) String() string {", name)
	if len(opaque) > 0 {
		c.line("switch x.Case {\ncase %s:\nreturn x.Case.String()\n}", strings.Join(opaque, ", "))
	}
	if payloads(t) {
		c.line("return abi.CaseString(x.Case.String(), x.payload)")
	} else {
		c.line("return x.Case.String()")
	}
	c.line("}\n")
	if p.isError(d) {
		c.line("// Error returns String.")
		c.line("func (x %s) Error() string { return x.String() }\n", name)
	}
}
