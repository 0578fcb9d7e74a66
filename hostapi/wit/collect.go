package wit

import (
	"slices"
	"strings"
)

// A packageState is a package while it is resolved.
type packageState struct {
	model  *Package
	bodies []*fileScope
	print  string            // the fingerprint of bodies, once it is needed
	scopes map[string]*scope // the interfaces and worlds by name
	names  nameSet
	gated  map[string]bool // names whose gates leave them out
	refs   []packageRef    // the packages it uses, each once
	refers map[*packageState]bool
	state  visitState
}

// A packageRef is the first place where a package uses another.
type packageRef struct {
	to  *packageState
	pos Position
}

// A visitState marks a node of a graph that is walked depth first.
type visitState uint8

const (
	unvisited visitState = iota
	visiting
	visited
)

// collect finds the packages of all groups and returns that of the last root.
func (r *resolver) collect(groups []*group) (root *packageState) {
	for _, g := range groups {
		main := r.collectGroup(g)
		for _, f := range g.files {
			for i := range f.nested {
				n := &f.nested[i]
				r.define(n.name, []*fileScope{&n.body}, n.docs)
			}
		}
		if g.root {
			root = main
		}
	}
	return root
}

// collectGroup finds the package that the files of a group make up together.
func (r *resolver) collectGroup(g *group) *packageState {
	var header *packageName
	var bodies []*fileScope
	var docs []string
	orphan, nested := "", false
	for _, f := range g.files {
		bodies = append(bodies, &f.top)
		nested = nested || len(f.nested) > 0
		if !f.top.empty() && orphan == "" {
			orphan = f.name
		}
		if f.header == nil {
			continue
		}
		if f.docs != "" {
			docs = append(docs, f.docs)
		}
		if header == nil {
			header = f.header
		} else if header.id() != f.header.id() {
			r.errs.add(f.header.pos, ErrInvalid, "package %s is declared here, but %s at %s; the files of a directory make up one package",
				f.header.id(), header.id(), header.pos)
		}
	}
	if header == nil {
		if orphan != "" || !nested {
			r.errs.add(Position{File: g.label}, ErrInvalid, "no package is declared; start one of the files with a line such as: package example:name;")
		}
		return nil
	}
	return r.define(header, bodies, strings.Join(docs, "\n"))
}

// define enters a package. The same package may come from several places if it is the same there.
func (r *resolver) define(name *packageName, bodies []*fileScope, docs string) *packageState {
	id := name.id()
	if p := r.packages[id]; p != nil {
		if p.print == "" {
			p.print = fingerprint(p.bodies)
		}
		if p.print != fingerprint(bodies) {
			r.errs.add(name.pos, ErrDuplicate, "package %s is already defined at %s, with other contents", id, p.model.Pos)
		}
		return p
	}
	p := &packageState{
		model:  &Package{Namespace: name.namespace, Name: name.name, Version: name.version, Docs: docs, Pos: name.pos},
		bodies: bodies, scopes: make(map[string]*scope), names: make(nameSet), gated: make(map[string]bool),
		refers: make(map[*packageState]bool),
	}
	if strings.ContainsAny(name.namespace+name.name, ":/") {
		p.flag(NestedPackages, name.pos)
	}
	r.packages[id] = p
	r.order = append(r.order, p)
	return p
}

// fingerprint renders the items of a package without comments and white space, whatever their order.
func fingerprint(bodies []*fileScope) string {
	var items []string
	for _, b := range bodies {
		for _, span := range b.spans {
			var item strings.Builder
			l := newLexer(b.file.name, b.file.src[:span[1]])
			l.advance(span[0])
			for t, err := l.next(); err == nil && t.kind != tokEOF; t, err = l.next() {
				item.WriteString(string(t.kind) + "\x00" + t.text + "\x00")
			}
			items = append(items, item.String())
		}
	}
	slices.Sort(items)
	return strings.Join(items, "\x01")
}

// flag notes that the package uses a proposal.
func (p *packageState) flag(proposal Proposal, pos Position) {
	uses := &p.model.Proposals
	if !slices.ContainsFunc(*uses, func(u ProposalUse) bool { return u.Proposal == proposal }) {
		*uses = append(*uses, ProposalUse{proposal, pos})
	}
}

// refer notes that the package uses another.
func (p *packageState) refer(to *packageState, pos Position) {
	if to != p && !p.refers[to] {
		p.refers[to] = true
		p.refs = append(p.refs, packageRef{to, pos})
	}
}

// sortPackages puts all packages into the set.
func (r *resolver) sortPackages(set *Set) {
	byID := func(a, b *packageState) int { return strings.Compare(a.model.ID(), b.model.ID()) }
	for _, p := range r.order {
		slices.SortFunc(p.refs, func(a, b packageRef) int { return byID(a.to, b.to) })
	}
	slices.SortFunc(r.order, byID)
	for _, p := range r.order {
		if p.state == unvisited {
			r.sortPackage(set, p, nil)
		}
	}
}

// sortPackage appends p and what it uses to the set, the used ones first, and reports packages that need themselves.
func (r *resolver) sortPackage(set *Set, p *packageState, path []string) {
	p.state = visiting
	path = append(path, p.model.ID())
	for _, ref := range p.refs {
		switch ref.to.state {
		case visiting:
			r.cycle(ref.pos, "package %s depends on itself: %s", path, ref.to.model.ID())
		case unvisited:
			r.sortPackage(set, ref.to, path)
		}
	}
	p.state = visited
	set.Packages = append(set.Packages, p.model)
}

// cycle reports that a path has come back to name. The format takes the name and the way round.
func (r *resolver) cycle(pos Position, format string, path []string, name string) {
	if r.errs.full() {
		return
	}
	from := max(slices.Index(path, name), 0)
	steps := append(slices.Clone(path[from:]), name)
	if len(steps) > 10 {
		steps = append(steps[:5], append([]string{"..."}, steps[len(steps)-4:]...)...)
	}
	r.errs.add(pos, ErrCycle, format, name, strings.Join(steps, " -> "))
}
