package wit

// Vet reports items whose feature gates do not agree with those of the items that they use or that they stand in:
// what uses an unstable or a later item has to be so itself. WIT asks for this, but since other tools let it pass,
// Load does too. The error, if any, is an [ErrorList].
func Vet(s *Set) error {
	v := &vetter{}
	for _, p := range s.Packages {
		for _, i := range p.Interfaces {
			v.interfaceItems(i, i.Stability)
		}
		for _, w := range p.Worlds {
			v.world(w)
		}
	}
	return v.errs.err()
}

type vetter struct{ errs ErrorList }

// A gatedItem is an item under scrutiny.
type gatedItem struct {
	what      string
	pkg       *Package
	stability Stability
	pos       Position
}

// gateFault says why an item with the gates s cannot rely on one with the gates of; nothing if it can. Versions are
// comparable only within a package.
func gateFault(s, of Stability, samePackage bool) string {
	switch {
	case of.Unstable != "" && s.Unstable != of.Unstable:
		return "is not gated by @unstable(feature = " + of.Unstable + ")"
	case of.Since != "" && samePackage && s.Since == "" && s.Unstable == "":
		return "is not gated by @since(version = " + of.Since + ") or later"
	case of.Since != "" && samePackage && s.Since != "" && compareSemver(s.Since, of.Since) < 0:
		return "is gated by version " + s.Since + ", before " + of.Since
	}
	return ""
}

// inside checks an item against what it stands in.
func (v *vetter) inside(it gatedItem, outer Stability, name string) {
	if fault := gateFault(it.stability, outer, true); fault != "" {
		v.report(it, fault+", as "+name+" is")
	}
}

// uses checks an item against another that it refers to.
func (v *vetter) uses(it gatedItem, other Stability, pkg *Package, name string) {
	if fault := gateFault(it.stability, other, it.pkg == pkg); fault != "" {
		v.report(it, fault+", as "+name+" is, which it uses")
	}
}

// report adds a fault, once if an item uses another several times in a row.
func (v *vetter) report(it gatedItem, fault string) {
	msg := it.what + " " + fault
	if n := len(v.errs); n == 0 || v.errs[n-1].Pos != it.pos || v.errs[n-1].Msg != msg {
		v.errs.add(it.pos, ErrInvalid, "%s", msg)
	}
}

// interfaceItems checks what an interface holds; the gates are those of the item that declares it.
func (v *vetter) interfaceItems(i *Interface, gates Stability) {
	name := "interface " + i.Name
	v.useItems(i.Uses, i.Package, gates, name)
	v.types(i.Types, i.Package, gates, name)
	for _, f := range i.Funcs {
		if f.Resource == nil {
			v.function(f, i.Package, gates, name)
		}
	}
}

func (v *vetter) useItems(uses []*Use, pkg *Package, outer Stability, name string) {
	for _, u := range uses {
		it := gatedItem{"use of " + u.Member, pkg, u.Stability, u.Pos}
		v.inside(it, outer, name)
		v.uses(it, u.From.Stability, u.From.Package, "interface "+u.From.Name)
		v.uses(it, u.Type.Stability, u.Type.owner(), "type "+u.Type.Name)
	}
}

func (v *vetter) types(defs []*TypeDef, pkg *Package, outer Stability, name string) {
	for _, d := range defs {
		it := gatedItem{"type " + d.Name, pkg, d.Stability, d.Pos}
		v.inside(it, outer, name)
		switch k := d.Kind.(type) {
		case *Alias:
			v.typ(it, k.Type)
		case *Record:
			for _, f := range k.Fields {
				v.typ(it, f.Type)
			}
		case *Variant:
			for _, c := range k.Cases {
				v.typ(it, c.Type)
			}
		case *Resource:
			for _, f := range k.Funcs {
				v.function(f, pkg, d.Stability, "resource "+d.Name)
			}
		}
	}
}

func (v *vetter) function(f *Func, pkg *Package, outer Stability, name string) {
	it := gatedItem{"function " + f.Name, pkg, f.Stability, f.Pos}
	v.inside(it, outer, name)
	for i, p := range f.Params {
		if i > 0 || f.Kind != Method {
			v.typ(it, p.Type)
		}
	}
	if f.Kind != Constructor {
		v.typ(it, f.Result)
	}
}

func (v *vetter) world(w *World) {
	name := "world " + w.Name
	v.useItems(w.Uses, w.Package, w.Stability, name)
	v.types(w.Types, w.Package, w.Stability, name)
	for _, item := range w.Items {
		if item.Func != nil {
			v.function(item.Func, w.Package, w.Stability, name)
			continue
		}
		it := gatedItem{"item " + item.Name, w.Package, item.Stability, item.Pos}
		v.inside(it, w.Stability, name)
		if item.Interface.World == nil {
			v.uses(it, item.Interface.Stability, item.Interface.Package, "interface "+item.Interface.Name)
		} else {
			v.interfaceItems(item.Interface, item.Stability)
		}
	}
	for _, inc := range w.Includes {
		it := gatedItem{"include of " + inc.World.Name, w.Package, inc.Stability, inc.Pos}
		v.inside(it, w.Stability, name)
		v.uses(it, inc.World.Stability, inc.World.Package, "world "+inc.World.Name)
	}
}

// typ checks the named types that a type expression mentions.
func (v *vetter) typ(it gatedItem, t Type) {
	named := func(d *TypeDef) { v.uses(it, d.Stability, d.owner(), "type "+d.Name) }
	switch t := t.(type) {
	case *TypeDef:
		named(t)
	case *Own:
		named(t.Named)
	case *Borrow:
		named(t.Named)
	default:
		for _, part := range parts(t) {
			v.typ(it, part)
		}
	}
}
