package gen

import (
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
)

// pkg is one Go package in the making.
type pkg struct {
	faults
	wit  *wit.Package
	name string
	use  map[string]*foreign
	same map[*wit.TypeDef]*foreign // types that another version has, too

	imports []*wit.Interface // for hosts to implement
	exports []*wit.Interface // for guests to implement
	all     []*wit.Interface // these, and those whose types they use

	types      map[string]*typ
	ways       map[*wit.TypeDef]dir
	errorTypes map[*wit.Package]map[*wit.TypeDef]bool
	scope      scope
	helpers    helpers
}

func newPkg(set *wit.Set, o Options) (*pkg, error) {
	p := &pkg{types: map[string]*typ{}, ways: map[*wit.TypeDef]dir{}}
	p.wit = set.Package(o.Package)
	if p.wit == nil {
		var ids []string
		for _, w := range set.Packages {
			ids = append(ids, w.ID())
		}
		p.add(wit.Position{}, ErrOption, "the WIT has no package %q; it has %s", o.Package, strings.Join(ids, ", "))
		return nil, p.err()
	}
	if p.name = o.GoPackage; p.name == "" {
		p.name = identifier(p.wit.Name)
	} else if identifier(p.name) != p.name {
		p.add(wit.Position{}, ErrOption, "%q is no name for a Go package", p.name)
	}
	uses := maps.Clone(o.Use)
	if uses == nil {
		uses = map[string]string{}
	}
	maps.Copy(uses, o.Same)
	p.foreigns(uses)
	p.findSame(set, o.Same)
	p.exports = p.find(o.Exports)
	if o.Interfaces != nil {
		p.imports = p.find(o.Interfaces)
	} else {
		for _, i := range p.wit.Interfaces {
			if !slices.Contains(p.exports, i) && p.foreignInterface(i) == nil {
				p.imports = append(p.imports, i)
			}
		}
	}
	p.reach()
	p.scope.init(p)
	p.checkExports()
	return p, p.err()
}

// find returns the interfaces of these names, in the order of the package.
func (p *pkg) find(names []string) []*wit.Interface {
	var list []*wit.Interface
	for _, i := range p.wit.Interfaces {
		if slices.Contains(names, i.Name) {
			list = append(list, i)
		}
	}
	for _, n := range names {
		if !slices.ContainsFunc(list, func(i *wit.Interface) bool { return i.Name == n }) {
			p.add(wit.Position{}, ErrOption, "WIT package %s has no interface %q", p.wit.ID(), n)
		}
	}
	return list
}

// reach collects the interfaces whose types have to be in the package.
func (p *pkg) reach() {
	seen := map[*wit.Interface]bool{}
	var visit func(i *wit.Interface)
	visit = func(i *wit.Interface) {
		if seen[i] || i.Package != p.wit || p.foreignInterface(i) != nil {
			return
		}
		seen[i] = true
		for _, dep := range i.Deps() {
			visit(dep)
		}
	}
	for _, i := range p.imports {
		visit(i)
	}
	for _, i := range p.exports {
		visit(i)
	}
	for _, i := range p.wit.Interfaces {
		if seen[i] {
			p.all = append(p.all, i)
		}
	}
}

// checkExports refuses what a host cannot call.
func (p *pkg) checkExports() {
	for _, i := range p.exports {
		for _, d := range i.Types {
			if _, ok := d.Kind.(*wit.Resource); ok {
				p.add(d.Pos, ErrUnsupported, "resource %s: resources of interfaces that guests implement are not supported", d.Name)
			}
		}
	}
}

// free returns the functions of i for which its Go interface has methods: those that are no
// methods of a resource.
func free(i *wit.Interface) []*wit.Func {
	var list []*wit.Func
	for _, f := range i.Funcs {
		if f.Kind != wit.Method {
			list = append(list, f)
		}
	}
	return list
}

// imported reports whether hosts implement i.
func (p *pkg) imported(i *wit.Interface) bool { return slices.Contains(p.imports, i) }

// exported reports whether guests implement i.
func (p *pkg) exported(i *wit.Interface) bool { return slices.Contains(p.exports, i) }
