package componentize

import (
	"slices"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// place gives the imports that are used their places, and the core imports theirs in them. What
// nothing uses is left out, as tools do: guests' worlds have far more than they call.
func (m *maker) place() (imports []*binary.Import) {
	var instances, funcs uint32
	for _, w := range m.worlds {
		w.needResources()
		for k := range w.imports {
			u := &w.used[k]
			if !u.any {
				continue
			}
			e := w.imports[k]
			d := &binary.Import{Name: e.Name, Attrs: e.Attrs, Type: e.Type}
			switch e.Type.Kind {
			case types.InstanceExtern:
				d.Type.Instance = pruned(e.Type.Instance, u.funcs)
				u.place = instances
				instances++
			case types.FuncExtern:
				u.place = funcs
				funcs++
			}
			imports = append(imports, d)
		}
	}
	for i, f := range m.found {
		if f.k < 0 || f.op != 0 {
			continue
		}
		b := &m.body.Imports[i]
		b.Sort, b.From = binary.SortInstance, f.w.used[f.k].place
		if f.w.imports[f.k].Type.Kind == types.FuncExtern {
			b.Sort = binary.SortFunc
		}
	}
	return imports
}

// pruned is an instance without the functions that are not used.
func pruned(i *types.Instance, used map[string]bool) *types.Instance {
	return types.NewInstance(slices.DeleteFunc(slices.Clone(i.Exports), func(e types.Extern) bool {
		return e.Type.Kind == types.FuncExtern && !used[e.Name]
	}))
}

// needResources marks the imports that introduce resource types to which others refer that are
// used. Those come first.
func (w *world) needResources() {
	from := map[*types.Resource]int{}
	for k, e := range w.imports {
		introduced(e, func(r *types.Resource) { from[r] = k })
	}
	refs := resources{seen: map[*types.Val]bool{}, found: func(r *types.Resource) {
		if k, ok := from[r]; ok {
			w.used[k].any = true
		}
	}}
	for _, e := range w.exports {
		refs.extern(e, nil)
	}
	for k := len(w.imports) - 1; k >= 0; k-- {
		if w.used[k].any {
			refs.extern(w.imports[k], w.used[k].names())
		}
	}
}

// names are those of the functions, not nil.
func (u *use) names() map[string]bool {
	if u.funcs == nil {
		return map[string]bool{}
	}
	return u.funcs
}

// introduced calls f for the resource types that an import introduces.
func introduced(e types.Extern, f func(*types.Resource)) {
	switch {
	case e.Type.Kind == types.TypeExtern && e.Type.Bound.Sub != nil:
		f(e.Type.Bound.Sub)
	case e.Type.Kind == types.InstanceExtern:
		for _, x := range e.Type.Instance.Exports {
			introduced(x, f)
		}
	}
}

// resources finds the resource types to which types refer.
type resources struct {
	seen  map[*types.Val]bool
	found func(*types.Resource)
}

// extern looks at an import or export, of the functions of an instance only at those that are
// used; nil means all.
func (r *resources) extern(e types.Extern, used map[string]bool) {
	switch e.Type.Kind {
	case types.FuncExtern:
		r.fn(e.Type.Func)
	case types.TypeExtern:
		switch d := e.Type.Bound.Def().(type) {
		case *types.Resource:
			r.found(d)
		case *types.Val:
			r.val(d)
		}
	case types.InstanceExtern:
		for _, x := range e.Type.Instance.Exports {
			if used == nil || x.Type.Kind != types.FuncExtern || used[x.Name] {
				r.extern(x, nil)
			}
		}
	}
}

func (r *resources) fn(f *types.Func) {
	for _, p := range f.Params {
		r.val(p.Type)
	}
	r.val(f.Result)
}

func (r *resources) val(v *types.Val) {
	if v == nil || r.seen[v] {
		return
	}
	r.seen[v] = true
	if v.Resource != nil {
		r.found(v.Resource)
	}
	r.val(v.Elem)
	for _, f := range v.Fields {
		r.val(f.Type)
	}
	for _, c := range v.Cases {
		r.val(c.Type)
	}
}
