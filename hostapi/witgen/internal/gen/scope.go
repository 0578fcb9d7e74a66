package gen

import (
	"fmt"

	"github.com/spinhost/spin/hostapi/wit"
)

// scope knows the names that one Go scope declares, and by what.
type scope struct {
	faults *faults
	names  map[string]declared
}

type declared struct {
	what string
	pos  wit.Position
}

// init declares all that a package exports.
func (s *scope) init(p *pkg) {
	s.faults, s.names = &p.faults, map[string]declared{}
	for _, f := range p.use {
		s.names[f.alias] = declared{what: "an imported package"}
	}
	for _, i := range p.all {
		p.declareInterface(i)
		for _, d := range i.Types {
			if p.same[d] == nil {
				p.declareType(d)
			}
		}
	}
}

// declare notes a name, or that it is taken already. WIT tells a-b from ab, and lets
// interfaces share names; Go does not.
func (s *scope) declare(name, what string, pos wit.Position) (ok bool) {
	old, clash := s.names[name]
	switch {
	case !clash:
		s.names[name] = declared{what, pos}
	case old.pos.IsValid():
		s.faults.add(pos, ErrName, "%s is %s in Go, as is %s (%s); give one another name with a line \"@go Name\" in its documentation", what, name, old.what, old.pos)
	default:
		s.faults.add(pos, ErrName, "%s is %s in Go, as is %s; give it another name with a line \"@go Name\" in its documentation", what, name, old.what)
	}
	return !clash
}

// unique makes an unexported name that nothing else has.
func (s *scope) unique(name string) string {
	c := name
	for n := 2; ; n++ {
		if _, ok := s.names[c]; !ok {
			s.names[c] = declared{what: "generated code"}
			return c
		}
		c = fmt.Sprintf("%s%d", name, n)
	}
}

// inner returns the scope of a struct or an interface.
func (s *scope) inner() *scope { return &scope{s.faults, map[string]declared{}} }

// declareInterface declares what comes of an interface itself.
func (p *pkg) declareInterface(i *wit.Interface) {
	name, what := p.interfaceName(i), "interface "+i.Name
	if p.imported(i) || p.exported(i) {
		p.scope.declare(name+"ID", what, i.Pos)
	}
	if p.imported(i) {
		p.scope.declare("Serve"+name, what, i.Pos)
		if fs := free(i); len(fs) > 0 {
			p.scope.declare(name, what, i.Pos)
			p.declareMethods(p.scope.inner(), fs)
		}
	}
	if p.exported(i) {
		for _, f := range free(i) {
			call := p.callName(f)
			for _, n := range []string{call, call + "Name", call + "Type"} {
				p.scope.declare(n, "function "+f.Name, f.Pos)
			}
			p.declareParams(f, paramField)
		}
	}
}

// declareMethods declares functions as methods of the Go interface with scope s.
func (p *pkg) declareMethods(s *scope, fs []*wit.Func) {
	for _, f := range fs {
		s.declare(p.funcName(f), f.WireName(), f.Pos)
		p.declareParams(f, paramName)
	}
}

// declareParams declares the parameters of f under the names that they get, and keeps those
// of local variables from helpers.
func (p *pkg) declareParams(f *wit.Func, name func(label string) string) {
	s := p.scope.inner()
	for _, q := range f.Params {
		s.declare(name(q.Name), "parameter "+q.Name, q.Pos)
		p.scope.names[p.localName(q.Name)] = declared{what: "a local variable"}
	}
}

// declareType declares a type and what comes with it.
func (p *pkg) declareType(d *wit.TypeDef) {
	name := p.typeName(d)
	if !p.scope.declare(name, "type "+d.Name, d.Pos) {
		return
	}
	switch k := d.Kind.(type) {
	case *wit.Record:
		s := p.scope.inner()
		if p.isError(d) {
			s.declare("Error", "the method of errors", wit.Position{})
		}
		for _, f := range k.Fields {
			s.declare(p.memberName(f.Name, f.Docs, f.Pos), "field "+f.Name, f.Pos)
		}
	case *wit.Enum:
		for _, c := range k.Cases {
			p.scope.declare(name+p.memberName(c.Name, c.Docs, c.Pos), "case "+c.Name+" of "+d.Name, c.Pos)
		}
	case *wit.Flags:
		for _, c := range k.Flags {
			p.scope.declare(name+p.memberName(c.Name, c.Docs, c.Pos), "flag "+c.Name+" of "+d.Name, c.Pos)
		}
	case *wit.Variant:
		p.declareVariant(d, k)
	case *wit.Resource:
		var methods []*wit.Func
		for _, f := range k.Funcs {
			if f.Kind == wit.Method {
				methods = append(methods, f)
			}
		}
		s := p.scope.inner()
		s.declare("Drop", "the method of abi.Dropper", wit.Position{})
		p.declareMethods(s, methods)
	}
}

func (p *pkg) declareVariant(d *wit.TypeDef, k *wit.Variant) {
	name, s := p.typeName(d), p.scope.inner()
	for _, m := range []string{"Case", "String", "Error"} {
		s.declare(m, "a member of every variant", wit.Position{})
	}
	p.scope.declare(name+"Case", "type "+d.Name, d.Pos)
	for _, c := range k.Cases {
		member, what := p.memberName(c.Name, c.Docs, c.Pos), "case "+c.Name+" of "+d.Name
		p.scope.declare(name+member, what, c.Pos)
		p.scope.declare(name+"Case"+member, what, c.Pos)
		if c.Type != nil {
			s.declare(accessorName(member), what, c.Pos)
		}
	}
}

// accessorName is the name of the method that returns the payload of a case.
func accessorName(member string) string {
	switch member {
	case "Case", "String", "Error":
		return member + "Value"
	}
	return member
}
