package wit

import "strings"

// A Set is a group of packages in which every reference is resolved. It is not changed after it was made, so any
// number of goroutines may read it.
type Set struct {
	// Root is the package of the source that was added last, nil if that source has only nested packages.
	Root *Package
	// Packages holds every package, each after the packages it uses and otherwise by id.
	Packages []*Package
}

// Package returns the package with an id such as "wasi:http@0.3.0", or nil.
func (s *Set) Package(id string) *Package {
	for _, p := range s.Packages {
		if p.ID() == id {
			return p
		}
	}
	return nil
}

// Interface returns the interface with an id such as "wasi:http/types@0.3.0", or nil.
func (s *Set) Interface(id string) *Interface {
	for _, p := range s.Packages {
		for _, i := range p.Interfaces {
			if i.ID() == id {
				return i
			}
		}
	}
	return nil
}

// World returns the world with an id such as "wasi:http/proxy@0.3.0", or nil.
func (s *Set) World(id string) *World {
	for _, p := range s.Packages {
		for _, w := range p.Worlds {
			if w.ID() == id {
				return w
			}
		}
	}
	return nil
}

// SelectWorld finds a world by the convention of WIT tools: a name with a slash is the id of a world in any package;
// any other name is looked up in the root package, and no name means its only world.
func (s *Set) SelectWorld(name string) (*World, error) {
	var errs ErrorList
	switch {
	case strings.Contains(name, "/"):
		if w := s.World(name); w != nil {
			return w, nil
		}
		errs.add(Position{}, ErrUndefined, "there is no world %s", name)
	case s.Root == nil:
		errs.add(Position{}, ErrUndefined, "there is no root package; give the full id of a world, such as example:name/world")
	default:
		return s.Root.selectWorld(name)
	}
	return nil, errs
}

func (p *Package) selectWorld(name string) (*World, error) {
	var names []string
	for _, w := range p.Worlds {
		if w.Name == name || name == "" && len(p.Worlds) == 1 {
			return w, nil
		}
		names = append(names, w.Name)
	}
	var errs ErrorList
	if name == "" {
		errs.add(p.Pos, ErrUndefined, "package %s has %d worlds; name the one to use", p.ID(), len(names))
	} else {
		errs.add(p.Pos, ErrUndefined, "package %s has no world %s%s", p.ID(), name, suggestion(name, names))
	}
	return nil, errs
}

// A Package is a named and perhaps versioned collection of interfaces and worlds.
type Package struct {
	Namespace string // "wasi"; with nested namespaces "a:b"
	Name      string // "http"; with nested packages "b/c"
	Version   string // as written, "" if there is none

	// Interfaces and Worlds are in the order of their files' names and of declaration within a file.
	Interfaces []*Interface
	Worlds     []*World

	// Proposals are the features beyond released WASI that the package uses, each where it occurs first.
	Proposals []ProposalUse

	Docs string
	Pos  Position
}

// ID renders the package's name, such as "wasi:http@0.3.0".
func (p *Package) ID() string {
	if p.Version == "" {
		return p.Namespace + ":" + p.Name
	}
	return p.Namespace + ":" + p.Name + "@" + p.Version
}

// member renders the id of something in the package, such as "wasi:http/types@0.3.0".
func (p *Package) member(name string) string {
	id := p.Namespace + ":" + p.Name + "/" + name
	if p.Version != "" {
		id += "@" + p.Version
	}
	return id
}

// A Proposal names a feature of the component model that no WASI release contains. Text that uses one is accepted;
// a host that does not implement it has to refuse.
type Proposal string

// The proposals that WIT text can use.
const (
	FixedLengthLists Proposal = "fixed-length-lists" // list<T, N>
	ErrorContexts    Proposal = "error-context"      // the type error-context
	NestedPackages   Proposal = "nested-packages"    // names such as a:b:c/d/e
)

// A ProposalUse is the first place where a package uses a proposal.
type ProposalUse struct {
	Proposal Proposal
	Pos      Position
}

// An Interface is a named group of types and functions: an instance, once a component imports or exports it.
type Interface struct {
	Name    string // for an interface written inside a world, the name it is imported or exported under
	Package *Package
	World   *World // the world it is written inside, nil for an interface of the package

	Uses  []*Use     // what use statements bring in, in order
	Types []*TypeDef // what the interface defines, in order
	// Funcs holds the functions of resources, in the order of Types, and then the free functions.
	Funcs []*Func

	Docs      string
	Stability Stability
	Pos       Position
}

// ID is the name a component imports or exports the interface under: an interface name such as
// "wasi:http/types@0.3.0", or for an interface written inside a world its plain name.
func (i *Interface) ID() string {
	if i.World != nil {
		return i.Name
	}
	return i.Package.member(i.Name)
}

// Type returns the type that the interface defines or uses under name, or nil.
func (i *Interface) Type(name string) *TypeDef { return findType(name, i.Types, i.Uses) }

// Func returns the function with a wire name such as "[method]fields.get", or nil.
func (i *Interface) Func(wireName string) *Func {
	for _, f := range i.Funcs {
		if f.WireName() == wireName {
			return f
		}
	}
	return nil
}

// Deps returns the interfaces that use statements name, each once.
func (i *Interface) Deps() []*Interface { return usedInterfaces(i.Uses) }

func usedInterfaces(uses []*Use) []*Interface {
	var deps []*Interface
	seen := make(map[*Interface]bool)
	for _, u := range uses {
		if !seen[u.From] {
			seen[u.From] = true
			deps = append(deps, u.From)
		}
	}
	return deps
}

func findType(name string, defs []*TypeDef, uses []*Use) *TypeDef {
	for _, d := range defs {
		if d.Name == name {
			return d
		}
	}
	for _, u := range uses {
		if u.Name == name {
			return u.Type
		}
	}
	return nil
}

// A Use makes one type of another interface known under a local name.
type Use struct {
	Name   string     // the name in this scope
	From   *Interface // the interface that the statement names
	Member string     // the name in From
	Type   *TypeDef   // the definition, in From or further along a chain of uses

	Docs      string
	Stability Stability
	Pos       Position
}

// Stability holds the feature gates of an item. The zero value means that it has none.
type Stability struct {
	Since      string // the version in @since, "" if absent
	Unstable   string // the feature in @unstable, "" if absent
	Deprecated string // the version in @deprecated, "" if absent
}

// IsZero reports whether there is no gate.
func (s Stability) IsZero() bool { return s == Stability{} }
