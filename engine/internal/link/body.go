package link

import (
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/canon"
	"github.com/spinhost/spin/engine/internal/types"
)

// bodyScope is the work of linking a component that is a core module. Its functions find memory
// and allocator when they are called, so that the instance to which these belong can import
// them.
type bodyScope struct {
	*scope
	d    *binary.CoreBody
	main int // core instance
}

// body makes the core instances of a component that is a core module, and its exports.
func (s *scope) body(d *binary.CoreBody) error {
	b := &bodyScope{scope: s, d: d, main: len(s.l.p.Instances)}
	if err := s.l.room(b.main+len(d.Extra), d.Offset, ""); err != nil {
		return err
	}
	s.l.p.Instances = append(s.l.p.Instances, CoreInstance{
		Module: s.l.module(d.Module), Owner: s.number, Imports: make([]CoreItem, len(d.Imports)),
	})
	for _, m := range d.Extra {
		in := CoreInstance{Module: s.l.module(m), Owner: s.number}
		for _, x := range m.Info.Imports {
			in.Imports = append(in.Imports, b.export(x.Name))
		}
		s.l.p.Instances = append(s.l.p.Instances, in)
	}
	for i := range d.Exports {
		b.resources(&d.Exports[i])
	}
	// A module may import a function twice, as those that Go makes do: it is one to the host too.
	type name struct{ module, name string }
	made := map[name]CoreItem{}
	for i := range d.Imports {
		im := &d.Module.Info.Imports[i]
		x, ok := made[name{im.Module, im.Name}]
		if !ok {
			var err error
			if x, err = b.coreImport(&d.Imports[i]); err != nil {
				return err
			}
			made[name{im.Module, im.Name}] = x
		}
		s.l.p.Instances[b.main].Imports[i] = x
	}
	for i := range d.Exports {
		b.componentExport(&d.Exports[i])
	}
	return nil
}

// export is what the core module exports by a name.
func (b *bodyScope) export(name string) CoreItem {
	return CoreItem{Trampoline: canon.None, Instance: b.main, Name: name}
}

// options numbers the core items that options name.
func (b *bodyScope) options(o binary.BodyOptions) canon.Options {
	x := noOptions
	x.Encoding = abi.Encoding(o.Encoding)
	if o.Memory != "" {
		x.Memory = b.l.memory(b.export(o.Memory))
	}
	if o.Realloc != "" {
		x.Realloc = b.l.coreFunc(b.export(o.Realloc))
	}
	return x
}

// resources makes the resource types that an exported instance introduces.
func (b *bodyScope) resources(e *binary.BodyExport) {
	if e.Extern.Type.Kind != types.InstanceExtern {
		return
	}
	for _, x := range e.Extern.Type.Instance.Exports {
		if x.Type.Kind != types.TypeExtern || x.Type.Bound.Sub == nil {
			continue
		}
		r := x.Type.Bound.Sub
		res := b.l.newResource(r.Name, nil)
		b.env[r] = res
		g := GuestResource{Index: res.Index, Instance: b.number, Name: r.Name}
		if core := e.Dtors[r]; core != "" {
			g.Dtor = b.dtor(b.export(core), r.Name)
		}
		b.l.p.Resources = append(b.l.p.Resources, g)
	}
}

// coreImport makes the core function that an import of the module stands for.
func (b *bodyScope) coreImport(i *binary.BodyImport) (CoreItem, error) {
	if op := builtins[i.Op]; i.Op != 0 {
		return b.l.trampoline(canon.Trampoline{
			Op: op, Instance: b.number, Opts: noOptions, Resource: b.resource(i.Resource).Index, Name: i.Op.String(),
		}, i.CoreType), nil
	}
	x := b.item(i.Sort, i.From)
	if inst, ok := x.(*instanceItem); ok {
		x = inst.items[i.Name]
	}
	f, ok := x.(*funcItem)
	if !ok {
		return CoreItem{}, b.internal(b.d, "no function %q", i.Name)
	}
	ft := b.subst.Func(i.Func)
	if f.typ != ft {
		return CoreItem{}, b.internal(b.d, "function %q of type %s lowered as %s", i.Name, f.typ, ft)
	}
	t := canon.Trampoline{Instance: b.number, Opts: b.options(i.Options), Type: ft}
	if f.lift != nil {
		t.Op, t.Callee, t.Name = canon.LowerGuest, f.lift, f.lift.Name
	} else {
		t.Op, t.Host, t.Refs, t.GuestRefs, t.Name = canon.LowerHost, f.host.fn, f.host.refs, f.host.guestRefs, f.host.name
	}
	return b.l.trampoline(t, i.CoreType), nil
}

// componentExport makes an export of the component.
func (b *bodyScope) componentExport(e *binary.BodyExport) {
	if e.Extern.Type.Kind == types.FuncExtern {
		b.exports.add(e.Extern.Name, b.lifted(&e.Funcs[0]))
		return
	}
	inst, next := newInstance(), 0
	for _, x := range e.Extern.Type.Instance.Exports {
		switch x.Type.Kind {
		case types.FuncExtern:
			inst.add(x.Name, b.lifted(&e.Funcs[next]))
			next++
		case types.TypeExtern:
			var t typeItem
			if r := x.Type.Bound.Resource(); r != nil {
				t.res = b.resource(r)
			}
			inst.add(x.Name, t)
		}
	}
	b.exports.add(e.Extern.Name, inst)
}

// lifted makes a function of a core function.
func (b *bodyScope) lifted(f *binary.BodyFunc) *funcItem {
	core := b.export(f.Core)
	core.Instance += f.Extra
	x := &canon.Lift{
		Name: f.Core, Instance: b.number, Type: b.subst.Func(f.Func), Core: b.l.coreFunc(core), Opts: b.options(f.Options),
	}
	if f.PostReturn != "" {
		x.Opts.PostReturn = b.l.coreFunc(b.export(f.PostReturn))
	}
	b.l.lifts = append(b.l.lifts, x)
	return &funcItem{lift: x, typ: x.Type}
}
