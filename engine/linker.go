package engine

import (
	"context"
	"sort"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/link"
	"github.com/spinhost/spin/internal/semver"
)

// Linker is the import scope of a component: the host interfaces that it can reach. Define
// them, then Link, or give it to a node of a [Graph]. A Linker is not safe for concurrent use
// while it is being changed.
type Linker struct {
	exact   map[string]*hostInterface
	tracks  map[string]*hostInterface                // greatest version of each compatibility track
	modules map[string]map[string]*binary.CoreModule // by import and export; see DefineModule
	options link.Options
}

// NewLinker returns a Linker that provides nothing. The zero value is of no use.
func NewLinker() *Linker {
	return &Linker{exact: map[string]*hostInterface{}, tracks: map[string]*hostInterface{}}
}

// Define provides the interface with the given ID, in place of an earlier one. bind is called
// once, when the first import is bound to it; its error is that of Link. Imports of a
// compatible version are bound to it too, unless there is a greater one: those that agree in
// the major version, or for 0.x in major and minor. Versions with a pre-release suffix must
// agree exactly. An instance that an imported instance exports is the interface defined as
// "import#export". What components then want of the interface may differ from version to
// version: each function is compared with what the component imports.
func (l *Linker) Define(id string, bind func() (*abi.Interface, error)) {
	l.define(id, &hostInterface{bind: bind})
}

// DefineTrap provides an interface that has every function and resource type that a
// component wants of it, or a function of any type; every function traps with err. It stands
// for what is known but cannot be used. Versions match as for Define.
func (l *Linker) DefineTrap(id string, err error) {
	l.DefineAny(id, func(string) func(*abi.Call) { return func(c *abi.Call) { c.Fail(err) } })
}

// DefineAny provides an interface that has every function and resource type that a component
// wants of it, or a function of any type. serve is called for each function when it is bound,
// with the name that it has in the interface, such as "[method]store.get", or with id if it is
// imported on its own. What it returns serves the calls, on the goroutine that drives the
// instance: it must not block, but see [abi.Call.Go]. Parameters and results are values whose
// types are known only then: see [abi.Call.DynamicArgs] and [abi.Call.DynamicReturn]. Versions
// match as for Define.
func (l *Linker) DefineAny(id string, serve func(function string) func(*abi.Call)) {
	l.define(id, &hostInterface{any: serve})
}

// SameResources makes the resource types of the interface that was defined as id those of
// another, by their names, whether that is defined or not: components that use the one can be
// connected to components that use the other. Both must be served by the same code.
func (l *Linker) SameResources(id, as string) {
	if h := l.exact[id]; h != nil {
		h.as = semver.TrackOf(as)
	}
}

func (l *Linker) define(id string, h *hostInterface) {
	h.id = id
	h.track = semver.TrackOf(id)
	l.exact[id] = h
	if old := l.tracks[h.track]; old == nil || old.id == id || semver.Newer(id, old.id) {
		l.tracks[h.track] = h
	}
}

// IDs lists the interfaces that are provided, sorted.
func (l *Linker) IDs() []string {
	ids := make([]string, 0, len(l.exact))
	for id := range l.exact {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}

// Lookup returns the ID of the interface to which an import of that name is bound, without
// making it.
func (l *Linker) Lookup(name string) (id string, ok bool) {
	if h := l.lookup(name); h != nil {
		return h.id, true
	}
	return "", false
}

func (l *Linker) lookup(name string) *hostInterface {
	if h := l.exact[name]; h != nil {
		return h
	}
	track := semver.TrackOf(name)
	if track == name {
		return nil
	}
	return l.tracks[track]
}

// DefineFunc provides a function that components import on its own, not in an interface, by
// f's name. f belongs to the Linker and its programs.
func (l *Linker) DefineFunc(f *abi.Func) {
	l.define(f.Name, &hostInterface{funcs: map[string]*abi.Func{"": f}})
}

// Link binds the imports of a component and compiles what it contains, or loads it from the
// runtime's cache. Compiling takes seconds for large components; ctx bounds how long Link
// waits for its turn at it. Imports that nobody provides and types that differ are an
// *ImportError, features that the engine does not have ErrUnsupported, and code that is not
// valid an error that says where. The Linker is not needed after that.
//
// It is [Graph.Link] for a graph of this component alone.
func (l *Linker) Link(ctx context.Context, rt *Runtime, c *Component) (*Program, error) {
	res := hostResources{}
	lp, err := link.Link(c.c, resolver{l, res}, limits.Limits(c.limits), linkOptions(rt, l))
	if err != nil {
		return nil, err
	}
	return newProgram(ctx, rt, lp, res, c)
}

// linkOptions say how to link components for a runtime.
func linkOptions(rt *Runtime, ls ...*Linker) link.Options {
	// An exception must not pass from one component into another, which an adapter would not
	// stop, and the collector does not look for references below it.
	o := link.Options{NoAdapters: rt.cfg.Features.Exceptions || rt.cfg.Features.GC}
	for _, l := range ls {
		o.NoAdapters = o.NoAdapters || l.options.NoAdapters
	}
	return o
}
