package componentize

import (
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
	"github.com/spinhost/spin/internal/corewasm"
)

// postPrefix begins the names of functions that free what another export has returned.
const postPrefix = "cabi_post_"

// findExports finds the core functions of all that the worlds export.
func (m *maker) findExports() error {
	seen := map[string]bool{}
	for _, w := range m.worlds {
		for k, e := range w.exports {
			if seen[e.Name] || e.Type.Kind == types.TypeExtern {
				continue
			}
			seen[e.Name] = true
			b := binary.BodyExport{Extern: e}
			var err error
			switch e.Type.Kind {
			case types.FuncExtern:
				err = m.exportFunc(&b, w, e, e.Name)
			case types.InstanceExtern:
				err = m.exportInstance(&b, w, k)
			default:
				err = unsupported("export %s of a %s by a core module", quoted(e.Name), e.Type.Kind)
			}
			if err != nil {
				return err
			}
			m.body.Exports = append(m.body.Exports, b)
		}
	}
	return nil
}

// exportInstance finds the functions of an interface that the module exports.
func (m *maker) exportInstance(b *binary.BodyExport, w *world, k int) error {
	iface := w.exports[k]
	for _, e := range iface.Type.Instance.Exports {
		switch e.Type.Kind {
		case types.FuncExtern:
			core := iface.Name + "#" + e.Name
			if w.known != nil {
				core = w.known.Exports[k].core(e.Name)
			}
			if err := m.exportFunc(b, w, e, core); err != nil {
				return err
			}
		case types.TypeExtern:
			if err := m.exportResource(b, iface.Name, e); err != nil {
				return err
			}
		default:
			return unsupported("export %s of a %s by a core module", quoted(iface.Name+"#"+e.Name), e.Type.Kind)
		}
	}
	return nil
}

// core is how core modules call a function of the interface.
func (i *Interface) core(name string) string {
	for _, f := range i.Funcs {
		if f.Name == name {
			return f.Core
		}
	}
	return ""
}

// exportFunc finds the core function of a function.
func (m *maker) exportFunc(b *binary.BodyExport, w *world, e types.Extern, core string) error {
	f := e.Type.Func
	if f.Async {
		return errAsync("core export " + quoted(core))
	}
	x, ok := m.info.Export(core)
	if !ok || x.Type.Kind != corewasm.Func {
		return fail("the module says that it exports %s, but has no function of that name", quoted(core))
	}
	opts, err := m.opts.forExport(f, w.encoding)
	if err != nil {
		return fail("core export %s: %w", quoted(core), err)
	}
	out := binary.BodyFunc{Func: f, Core: core, Options: opts}
	want := f.LiftSignature(types.SignatureOptions{})
	have := *x.Type.Func
	if w.void(core) && len(have.Params) == 0 && len(have.Results) == 0 {
		if out.Core, out.Extra, err = m.addVoid(core); err != nil {
			return err
		}
		have.Results = want.Results
	}
	if !have.Equal(want) {
		return fail("core export %s should be a function of type %s, it is one of type %s", quoted(core), want, have)
	}
	if post, ok := m.info.Export(postPrefix + core); ok && post.Type.Kind == corewasm.Func {
		if t := (corewasm.FuncType{Params: want.Results}); !post.Type.Func.Equal(t) {
			return fail("core export %s should be a function of type %s, it is one of type %s", quoted(post.Name), t, *post.Type.Func)
		}
		out.PostReturn = post.Name
	}
	b.Funcs = append(b.Funcs, out)
	return nil
}

// void reports whether a function has no result to the core module.
func (w *world) void(core string) bool {
	if w.known == nil {
		return false
	}
	for _, i := range w.known.Exports {
		for _, f := range i.Funcs {
			if f.Core == core {
				return f.Void
			}
		}
	}
	return false
}

// exportResource finds the destructor of a resource type that an interface introduces.
func (m *maker) exportResource(b *binary.BodyExport, iface string, e types.Extern) error {
	x, ok := m.info.Export(iface + "#[dtor]" + e.Name)
	if e.Type.Bound.Sub == nil || !ok || x.Type.Kind != corewasm.Func {
		return nil
	}
	if want := (corewasm.FuncType{Params: []corewasm.ValType{corewasm.I32}}); !x.Type.Func.Equal(want) {
		return fail("core export %s should be a function of type %s, it is one of type %s", quoted(x.Name), want, *x.Type.Func)
	}
	if b.Dtors == nil {
		b.Dtors = map[*types.Resource]string{}
	}
	b.Dtors[e.Type.Bound.Sub] = x.Name
	return nil
}
