package types

import "github.com/spinhost/spin/internal/corewasm"

// Extern is a named import or export with its type.
type Extern struct {
	Name  string
	Attrs Attributes
	Type  ExternType
}

// Attributes are what an import or export says about itself beyond its name.
// They never take part in matching.
type Attributes struct {
	Implements    string  // the interface that an instance implements, or ""
	VersionSuffix string  // what the version in the name leaves out, or ""
	ExternalID    *string // the host's own name for it, or nil
}

// ExternKind says what an import or export is.
type ExternKind uint8

// The kinds of imports and exports.
const (
	_ ExternKind = iota
	ModuleExtern
	FuncExtern
	ValueExtern
	TypeExtern
	ComponentExtern
	InstanceExtern
)

func (k ExternKind) String() string {
	names := [...]string{
		ModuleExtern: "core module", FuncExtern: "function", ValueExtern: "value",
		TypeExtern: "type", ComponentExtern: "component", InstanceExtern: "instance",
	}
	if int(k) < len(names) && k > 0 {
		return names[k]
	}
	return "invalid kind"
}

// ExternType is the type of an import or export: the field that Kind names is set.
type ExternType struct {
	Kind      ExternKind
	Func      *Func
	Instance  *Instance
	Component *Component
	Module    *Module
	Bound     *Bound // of a type
}

// Def is what a type index can stand for: *Val, *Func, *Instance, *Component or
// *Resource.
type Def interface{ isDef() }

func (*Val) isDef()       {}
func (*Func) isDef()      {}
func (*Instance) isDef()  {}
func (*Component) isDef() {}
func (*Resource) isDef()  {}

// Bound is the type of a type import or export. Exactly one field is set.
type Bound struct {
	Sub *Resource // introduces a resource: (sub resource)
	Eq  Def       // is another name of a known type: (eq t)
}

// Resource is the resource that b introduces or names, nil if b is no resource.
func (b *Bound) Resource() *Resource {
	if b.Sub != nil {
		return b.Sub
	}
	r, _ := b.Eq.(*Resource)
	return r
}

// Def is the type that b introduces or names.
func (b *Bound) Def() Def {
	if b.Sub != nil {
		return b.Sub
	}
	return b.Eq
}

// EqType is the type of a type import or export bound by (eq d).
func EqType(d Def) ExternType { return ExternType{Kind: TypeExtern, Bound: &Bound{Eq: d}} }

// SubType is the type of a type import or export that introduces r.
func SubType(r *Resource) ExternType { return ExternType{Kind: TypeExtern, Bound: &Bound{Sub: r}} }

// Instance is the type of a component instance.
type Instance struct {
	Exports []Extern
	byName  map[string]int
	facts   facts
}

// NewInstance makes an instance type. Names must be distinct; of two equal ones
// the first is found.
func NewInstance(exports []Extern) *Instance {
	return &Instance{Exports: exports, byName: index(exports), facts: typeFacts(exports)}
}

// Export finds an export by name.
func (i *Instance) Export(name string) (Extern, bool) { return find(i.Exports, i.byName, name) }

// Index finds the place of an export in Exports by its name.
func (i *Instance) Index(name string) (int, bool) { return place(i.Exports, i.byName, name) }

// Component is the type of a component.
type Component struct {
	Imports, Exports []Extern
	imports, exports map[string]int
	facts            facts
}

// NewComponent makes a component type, with names as in NewInstance.
func NewComponent(imports, exports []Extern) *Component {
	return &Component{
		Imports: imports, imports: index(imports),
		Exports: exports, exports: index(exports),
		facts: typeFacts(imports, exports),
	}
}

// Import finds an import by name.
func (c *Component) Import(name string) (Extern, bool) { return find(c.Imports, c.imports, name) }

// Export finds an export by name.
func (c *Component) Export(name string) (Extern, bool) { return find(c.Exports, c.exports, name) }

// index maps names to places; short lists are better searched.
func index(es []Extern) map[string]int {
	if len(es) <= 8 {
		return nil
	}
	m := make(map[string]int, len(es))
	for i, e := range es {
		if _, ok := m[e.Name]; !ok {
			m[e.Name] = i
		}
	}
	return m
}

func find(es []Extern, m map[string]int, name string) (Extern, bool) {
	i, ok := place(es, m, name)
	if !ok {
		return Extern{}, false
	}
	return es[i], true
}

func place(es []Extern, m map[string]int, name string) (int, bool) {
	if m != nil {
		i, ok := m[name]
		return i, ok
	}
	for i, e := range es {
		if e.Name == name {
			return i, true
		}
	}
	return 0, false
}

// Module is the type of a core module.
type Module struct {
	Imports []corewasm.Import
	Exports []corewasm.Export
	imports map[[2]string]int
	exports map[string]int
}

// NewModule makes a module type. Of two imports or exports with equal names the
// first is found.
func NewModule(imports []corewasm.Import, exports []corewasm.Export) *Module {
	m := &Module{Imports: imports, Exports: exports,
		imports: make(map[[2]string]int, len(imports)), exports: make(map[string]int, len(exports))}
	for i, im := range imports {
		if k := [2]string{im.Module, im.Name}; m.imports[k] == 0 {
			m.imports[k] = i + 1
		}
	}
	for i, ex := range exports {
		if m.exports[ex.Name] == 0 {
			m.exports[ex.Name] = i + 1
		}
	}
	return m
}

// Import finds an import by its two names.
func (m *Module) Import(module, name string) (corewasm.Import, bool) {
	i := m.imports[[2]string{module, name}]
	if i == 0 {
		return corewasm.Import{}, false
	}
	return m.Imports[i-1], true
}

// Export finds an export by name.
func (m *Module) Export(name string) (corewasm.Export, bool) {
	i := m.exports[name]
	if i == 0 {
		return corewasm.Export{}, false
	}
	return m.Exports[i-1], true
}
