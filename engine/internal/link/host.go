package link

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/types"
)

// Resolver says what the host provides for the imports of a component that is linked, not of
// those nested in it.
type Resolver interface {
	// Import resolves an import.
	Import(name string, attrs types.Attributes) (*Host, error)
	// Resource returns the type that the signature of a host function calls iface#name.
	Resource(iface, name string) (*abi.ResourceType, error)
}

// Host is what an import is bound to: an instance or a function of the host.
type Host struct {
	Name string
	Func *abi.Func // for an import that is a function
	// Export finds a function of an instance.
	Export func(name string) *abi.Func
	// Resource finds a resource type of an instance.
	Resource func(name string) *abi.ResourceType
	// Nested finds an instance within an instance.
	Nested func(name string) *Host
	// Module finds a core module of an instance, or, by "", the one that the import is.
	Module func(name string) *binary.CoreModule
	// Defines reports whether the instance itself defines the resource type.
	Defines func(name string) bool
}

// ImportError says that an import cannot be satisfied.
type ImportError struct {
	Node   string // in a graph, the node that imports; else ""
	Import string // name of the import
	From   string // the node whose export is given for it, "" for the host
	Item   string // what of the import, "" for all of it
	Err    error
}

func (e *ImportError) Error() string {
	var b strings.Builder
	if e.Node != "" {
		fmt.Fprintf(&b, "node %q: ", e.Node)
	}
	fmt.Fprintf(&b, "import %q", e.Import)
	if e.From != "" {
		fmt.Fprintf(&b, " from node %q", e.From)
	}
	if e.Item != "" {
		b.WriteString(": " + e.Item)
	}
	return b.String() + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *ImportError) Unwrap() error { return e.Err }

// hostItem makes an item of what the host gives for an import of type want.
func (l *linker) hostItem(s *scope, h *Host, name string, want types.ExternType) (item, error) {
	switch want.Kind {
	case types.FuncExtern:
		if h.Func == nil {
			return nil, &ImportError{Import: name, Err: fmt.Errorf("the component wants a function")}
		}
		return l.hostFunc(s, h.Func, name, "", want.Func)
	case types.InstanceExtern:
		if h.Func != nil && h.Export == nil {
			return nil, &ImportError{Import: name, Err: fmt.Errorf("the component wants an instance, the host provides a function")}
		}
		return l.hostInstance(s, h, name, want.Instance)
	case types.ModuleExtern:
		m := h.module("")
		if m == nil {
			return nil, &ImportError{Import: name, Err: fmt.Errorf("the component wants a core module")}
		}
		return hostModule(m, name, "", want)
	}
	return nil, &ImportError{Import: name, Err: fmt.Errorf("the host provides functions, instances and core modules, not a %s", want.Kind)}
}

// hostInstance binds every export that the component wants of an instance. Resource types
// are bound as they come, so that later functions are compared with them in place.
func (l *linker) hostInstance(s *scope, h *Host, name string, want *types.Instance) (item, error) {
	inst := newInstance()
	if !l.steps.Take(len(want.Exports)) {
		return nil, errTooComplex
	}
	for _, e := range want.Exports {
		x, err := l.hostExport(s, h, name, e)
		if err != nil {
			return nil, err
		}
		inst.add(e.Name, x)
	}
	return inst, nil
}

func (l *linker) hostExport(s *scope, h *Host, name string, e types.Extern) (item, error) {
	missing := func(what string) error {
		return &ImportError{Import: name, Item: fmt.Sprintf("%s %q", what, e.Name), Err: fmt.Errorf("the host's %s has none", h.Name)}
	}
	switch e.Type.Kind {
	case types.TypeExtern:
		if e.Type.Bound.Sub == nil {
			return l.equalType(s, h, name, e)
		}
		rt := h.Resource(e.Name)
		if rt == nil {
			return nil, missing("resource")
		}
		res := l.hostResource(rt)
		s.env[e.Type.Bound.Sub] = res
		return typeItem{res}, nil
	case types.FuncExtern:
		fn := h.Export(e.Name)
		if fn == nil {
			return nil, missing("function")
		}
		return l.hostFunc(s, fn, name, e.Name, e.Type.Func)
	case types.InstanceExtern:
		if h.Nested != nil {
			if n := h.Nested(e.Name); n != nil {
				return l.hostInstance(s, n, name, e.Type.Instance)
			}
		}
	case types.ModuleExtern:
		if m := h.module(e.Name); m != nil {
			return hostModule(m, name, e.Name, e.Type)
		}
	}
	return nil, missing(e.Type.Kind.String())
}

// equalType is a type that the component knows already. If the host defines a resource type
// by that name, it must be the same.
func (l *linker) equalType(s *scope, h *Host, name string, e types.Extern) (item, error) {
	res := e.Type.Bound.Resource()
	if res == nil {
		return typeItem{}, nil
	}
	res = s.resource(res)
	if h.Defines != nil && h.Defines(e.Name) && l.hostResource(h.Resource(e.Name)) != res {
		return nil, &ImportError{Import: name, Item: fmt.Sprintf("resource %q", e.Name), Err: fmt.Errorf("it is not the host's %s, as the component wants", res.Name)}
	}
	return typeItem{res}, nil
}

func (h *Host) module(name string) *binary.CoreModule {
	if h.Module == nil {
		return nil
	}
	return h.Module(name)
}

// hostModule compares the host's core module with what the component wants.
func hostModule(m *binary.CoreModule, imp, name string, want types.ExternType) (item, error) {
	have := types.ExternType{Kind: types.ModuleExtern, Module: m.Type}
	if err := types.Match(want, have, types.Binding{}); err != nil {
		e := &ImportError{Import: imp, Err: err}
		if name != "" {
			e.Item = fmt.Sprintf("core module %q", name)
		}
		return nil, e
	}
	return &moduleItem{m}, nil
}

// hostFunc compares the host's function with what the component wants.
func (l *linker) hostFunc(s *scope, fn *abi.Func, imp, name string, want *types.Func) (item, error) {
	ft := s.subst.Func(want)
	if !l.steps.Take(parts(ft)) {
		return nil, errTooComplex
	}
	if fn.Type != AnyType {
		have, err := l.arena.ParseFunc(fn.Type, s.host.resource)
		if err == nil && have != ft {
			err = differ(ft, have)
		}
		if err != nil {
			return nil, &ImportError{Import: imp, Item: fmt.Sprintf("function %q", fn.Name), Err: err}
		}
	}
	h := &hostFunc{name: fn.Name, fn: fn}
	if name != "" {
		h.name = imp + "#" + fn.Name
	}
	h.refs, h.guestRefs = Refs(ft, l.p.Canon.Resources)
	return &funcItem{host: h, typ: ft}, nil
}

// parts is how many types f is made of.
func parts(f *types.Func) int {
	n := 1
	for i := range f.Params {
		n += f.Params[i].Type.TypeSize
	}
	if f.Result != nil {
		n += f.Result.TypeSize
	}
	return n
}

// differ says where two different function types differ.
func differ(want, have *types.Func) error {
	extern := func(f *types.Func) types.ExternType { return types.ExternType{Kind: types.FuncExtern, Func: f} }
	if err := types.Match(extern(want), extern(have), types.Binding{}); err != nil {
		return err
	}
	return fmt.Errorf("function types differ: %s and %s", want, have)
}

// AnyType is the Type of a host function that serves calls of every type, such as one that
// only traps.
const AnyType = "*"

// hostResource numbers a resource type of the host.
func (l *linker) hostResource(rt *abi.ResourceType) *types.Resource {
	if r := l.hostRes[rt]; r != nil {
		return r
	}
	r := l.newResource(rt.Name, rt)
	l.hostRes[rt] = r
	return r
}

func (l *linker) newResource(name string, rt *abi.ResourceType) *types.Resource {
	r := &types.Resource{Name: name, Index: int32(len(l.p.Canon.Resources))}
	l.p.Canon.Resources = append(l.p.Canon.Resources, rt)
	return r
}
