package componentize

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
	"github.com/spinhost/spin/internal/semver"
)

// Names of core imports, as wit-component documents them.
const (
	rootModule   = "$root"
	exportPrefix = "[export]"
	resourceDrop = "[resource-drop]"
	resourceNew  = "[resource-new]"
	resourceRep  = "[resource-rep]"
)

// found is what a core import stands for, before the imports have their places.
type found struct {
	w    *world
	k    int    // import of w; -1 for a resource that is exported
	name string // function of the instance
	fn   *types.Func
	op   binary.CanonOp
	res  *types.Resource
}

// addDirect makes a world of the functions that the host provides as they are.
func (m *maker) addDirect() error {
	var imports []types.Extern
	for _, name := range m.cfg.Direct {
		var funcs []types.Extern
		seen := map[string]bool{}
		for _, i := range m.info.Imports {
			if i.Module != name || seen[i.Name] {
				continue
			}
			seen[i.Name] = true
			f, err := m.direct(i)
			if err != nil {
				return err
			}
			funcs = append(funcs, types.Extern{Name: i.Name, Type: types.ExternType{Kind: types.FuncExtern, Func: f}})
		}
		if len(funcs) > 0 {
			imports = append(imports, types.Extern{Name: name, Type: types.ExternType{Kind: types.InstanceExtern, Instance: types.NewInstance(funcs)}})
		}
	}
	if len(imports) > 0 {
		m.worlds = append(m.worlds, newWorld(imports, nil))
	}
	return nil
}

// direct is the type of a function of numbers: its parameters are a, b, c and so on.
func (m *maker) direct(i corewasm.Import) (*types.Func, error) {
	kinds := map[corewasm.ValType]types.Kind{corewasm.I32: types.U32, corewasm.I64: types.U64, corewasm.F32: types.F32, corewasm.F64: types.F64}
	t := i.Type.Func
	if i.Type.Kind != corewasm.Func || len(t.Params) > types.MaxFlatParams || len(t.Results) > 1 {
		return nil, m.importError(i, "the host provides functions of at most %d parameters and one result, not a %s", types.MaxFlatParams, i.Type)
	}
	val := func(v corewasm.ValType) (*types.Val, error) {
		k, ok := kinds[v]
		if !ok {
			return nil, m.importError(i, "the host's functions have no values of type %s", v)
		}
		return m.arena.Primitive(k), nil
	}
	var params []types.Param
	for k, v := range t.Params {
		p, err := val(v)
		if err != nil {
			return nil, err
		}
		params = append(params, types.Param{Name: string(rune('a' + k)), Type: p})
	}
	var result *types.Val
	if len(t.Results) > 0 {
		var err error
		if result, err = val(t.Results[0]); err != nil {
			return nil, err
		}
	}
	return m.arena.Func(params, result, false)
}

func (m *maker) importError(i corewasm.Import, format string, args ...any) error {
	return fail("core import "+quoted(i.Name)+" of "+quoted(i.Module)+": "+format, args...)
}

// findImports finds out what each core import stands for, and marks what is used.
func (m *maker) findImports() error {
	for _, i := range m.info.Imports {
		f, err := m.find(i)
		if err != nil {
			return err
		}
		b := binary.BodyImport{Name: f.name, Op: f.op, Resource: f.res, Func: f.fn}
		want := corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}}
		switch {
		case f.fn != nil:
			if b.Options, err = m.opts.forImport(f.fn, f.w.encoding); err != nil {
				return m.importError(i, "%w", err)
			}
			want = f.fn.LowerSignature(types.SignatureOptions{})
		case f.op != binary.ResourceDrop:
			want.Results = want.Params
		}
		if i.Type.Kind != corewasm.Func || !i.Type.Func.Equal(want) {
			return m.importError(i, "it should be a function of type %s, it is a %s", want, i.Type)
		}
		b.CoreType = *i.Type.Func
		if f.k >= 0 {
			f.w.used[f.k].mark(f.name)
		}
		m.body.Imports = append(m.body.Imports, b)
		m.found = append(m.found, f)
	}
	return nil
}

func (u *use) mark(name string) {
	u.any = true
	if u.funcs == nil {
		u.funcs = map[string]bool{}
	}
	u.funcs[name] = true
}

// find finds out what a core import stands for.
func (m *maker) find(i corewasm.Import) (f found, err error) {
	if iface, ok := strings.CutPrefix(i.Module, exportPrefix); ok {
		return m.findExported(i, iface)
	}
	for _, w := range m.worlds {
		if f, ok := w.find(i, i.Module); ok {
			return f, nil
		}
	}
	for _, w := range m.worlds { // a version that is compatible
		for _, e := range w.imports {
			if e.Name != i.Module && semver.TrackOf(e.Name) == semver.TrackOf(i.Module) {
				if f, ok := w.find(i, e.Name); ok {
					return f, nil
				}
			}
		}
	}
	if async(i.Name) {
		return f, errAsync("core import " + quoted(i.Name) + " of " + quoted(i.Module))
	}
	return f, m.importError(i, "nothing of that name is in what the module says that it imports")
}

// async reports whether a name is that of a part of the asynchronous ABI.
func async(name string) bool {
	return strings.HasPrefix(name, "[") && !strings.HasPrefix(name, "[method]") && !strings.HasPrefix(name, "[static]") &&
		!strings.HasPrefix(name, "[constructor]") && !strings.HasPrefix(name, "[resource-")
}

// find finds a function of the import of a given name, or the destructor of a resource type.
func (w *world) find(i corewasm.Import, name string) (found, bool) {
	if w.known != nil {
		return w.findKnown(i)
	}
	if i.Module == rootModule {
		return w.findRoot(i)
	}
	k, ok := w.names[name]
	if !ok || w.imports[k].Type.Kind != types.InstanceExtern {
		return found{}, false
	}
	return w.member(k, i.Name)
}

// member finds a function of an imported instance.
func (w *world) member(k int, name string) (f found, ok bool) {
	inst := w.imports[k].Type.Instance
	f = found{w: w, k: k, name: name}
	if r, isDrop := strings.CutPrefix(name, resourceDrop); isDrop {
		e, ok := inst.Export(r)
		if !ok || e.Type.Kind != types.TypeExtern {
			return f, false
		}
		f.op, f.res = binary.ResourceDrop, e.Type.Bound.Resource()
		return f, f.res != nil
	}
	e, ok := inst.Export(name)
	f.fn = e.Type.Func
	return f, ok && f.fn != nil && !f.fn.Async
}

// findRoot finds what the world imports outside of interfaces.
func (w *world) findRoot(i corewasm.Import) (f found, ok bool) {
	name, isDrop := strings.CutPrefix(i.Name, resourceDrop)
	k, ok := w.names[name]
	if !ok {
		return f, false
	}
	f = found{w: w, k: k, name: name}
	switch t := w.imports[k].Type; {
	case isDrop && t.Kind == types.TypeExtern:
		f.op, f.res = binary.ResourceDrop, t.Bound.Resource()
		return f, f.res != nil
	case !isDrop && t.Kind == types.FuncExtern && !t.Func.Async:
		f.fn = t.Func
		return f, true
	}
	return f, false
}

func (w *world) findKnown(i corewasm.Import) (f found, ok bool) {
	k, ok := w.core[i.Module]
	if !ok {
		return f, false
	}
	funcs := w.known.Imports[k].Funcs
	n := slices.IndexFunc(funcs, func(f Func) bool { return f.Core == i.Name })
	if n < 0 {
		return f, false
	}
	return w.member(k, funcs[n].Name)
}

// findExported finds a built-in of a resource type that the module exports.
func (m *maker) findExported(i corewasm.Import, iface string) (found, error) {
	ops := map[string]binary.CanonOp{resourceDrop: binary.ResourceDrop, resourceNew: binary.ResourceNew, resourceRep: binary.ResourceRep}
	for _, w := range m.worlds {
		for _, e := range w.exports {
			if e.Name != iface || e.Type.Kind != types.InstanceExtern {
				continue
			}
			for prefix, op := range ops {
				name, ok := strings.CutPrefix(i.Name, prefix)
				if !ok {
					continue
				}
				if x, ok := e.Type.Instance.Export(name); ok && x.Type.Kind == types.TypeExtern && x.Type.Bound.Sub != nil {
					return found{w: w, k: -1, op: op, res: x.Type.Bound.Sub}, nil
				}
			}
		}
	}
	if async(i.Name) {
		return found{}, errAsync("core import " + quoted(i.Name) + " of " + quoted(i.Module))
	}
	return found{}, m.importError(i, "nothing of that name is in what the module says that it exports")
}
