package wit

import "strings"

// world renders what the text of a world states; its full lists follow from that.
func (p *printer) world(w *World) {
	p.item("world", true, w.Docs, w.Stability, "")
	p.printf("world %s", escaped(w.Name))
	p.names = localNames(w.Types, w.Uses)
	p.braces(len(w.Uses)+len(w.Types)+len(w.Items)+len(w.Includes) == 0, func() {
		p.uses(w.Uses)
		for _, d := range w.Types {
			p.typeDef(d)
		}
		for _, it := range w.Items {
			p.worldItem(it)
		}
		for _, inc := range w.Includes {
			p.include(inc)
		}
	})
	p.names = nil
}

// worldItem renders an import or export statement.
func (p *printer) worldItem(it *WorldItem) {
	keyword := "import"
	if it.Export {
		keyword = "export"
	}
	inline := it.Interface != nil && it.Interface.World != nil
	p.item(keyword, inline, it.Docs, it.Stability, it.ExternalID)
	p.out.WriteString(keyword + " ")
	if it.plainName() {
		p.out.WriteString(escaped(it.Name) + ": ")
	}
	switch {
	case it.Func != nil:
		p.out.WriteString(p.funcType(it.Func) + ";\n")
	case inline:
		p.out.WriteString("interface")
		p.interfaceBody(it.Interface)
	default:
		p.out.WriteString(p.interfacePath(it.Interface) + ";\n")
	}
}

func (p *printer) include(inc *Include) {
	p.item("include", false, inc.Docs, inc.Stability, "")
	p.out.WriteString("include " + p.path(inc.World.Package, inc.World.Name))
	if len(inc.With) == 0 {
		p.out.WriteString(";\n")
		return
	}
	names := make([]string, len(inc.With))
	for i, w := range inc.With {
		names[i] = escaped(w.From) + " as " + escaped(w.To)
	}
	p.out.WriteString(" with { " + strings.Join(names, ", ") + " }\n")
}
