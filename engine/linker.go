package engine

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/limits"
	"github.com/spinhost/spin/engine/internal/link"
)

// Linker is the import scope of a component: the host interfaces that it can reach. Define
// them, then Link. A Linker is not safe for concurrent use while it is being changed.
type Linker struct {
	exact     map[string]*hostInterface
	tracks    map[string]*hostInterface // greatest version of each compatibility track
	resources map[string]*abi.ResourceType
	modules   map[string]map[string]*binary.CoreModule // by import and export; see DefineModule
	options   link.Options
}

type hostInterface struct {
	id    string
	track string
	order []uint64 // version, for comparing within a track
	bind  func() (*abi.Interface, error)
	bound bool
	err   error
	funcs map[string]*abi.Func
	res   map[string]string // the names of the resource types that names stand for
	trap  error             // every function traps with it; functions and resources are whatever is asked for
}

// NewLinker returns a Linker that provides nothing. The zero value is of no use.
func NewLinker() *Linker {
	return &Linker{
		exact: map[string]*hostInterface{}, tracks: map[string]*hostInterface{},
		resources: map[string]*abi.ResourceType{},
	}
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
// component wants of it; every function traps with err. It stands for interfaces that are
// known but cannot be used. Versions match as for Define.
func (l *Linker) DefineTrap(id string, err error) { l.define(id, &hostInterface{trap: err}) }

// load calls bind, once.
func (h *hostInterface) load() error {
	if h.bound || h.bind == nil {
		return h.err
	}
	h.bound = true
	i, err := h.bind()
	if err != nil {
		h.err = fmt.Errorf("%s: %w", h.id, err)
		return h.err
	}
	h.funcs, h.res = make(map[string]*abi.Func, len(i.Funcs)), make(map[string]string, len(i.Resources))
	for k := range i.Funcs {
		h.funcs[i.Funcs[k].Name] = &i.Funcs[k]
	}
	for _, r := range i.Resources {
		again, name, ok := strings.Cut(r, "=")
		if !ok {
			name = r
		}
		h.res[again] = name
	}
	return nil
}

func (l *Linker) define(id string, h *hostInterface) {
	h.id = id
	h.track, h.order = trackOf(id)
	l.exact[id] = h
	if old := l.tracks[h.track]; old == nil || old.id == id || less(old.order, h.order) {
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
	track, _ := trackOf(name)
	if track == name {
		return nil
	}
	return l.tracks[track]
}

// Link binds the imports of a component and compiles what it contains, or loads it from the
// runtime's cache. Compiling takes seconds for large components; ctx bounds how long Link
// waits for its turn at it. Imports that nobody provides and types that differ are an
// *ImportError, features that the engine does not have ErrUnsupported, and code that is not
// valid an error that says where. The Linker is not needed after that.
func (l *Linker) Link(ctx context.Context, rt *Runtime, c *Component) (*Program, error) {
	o := l.options
	// An exception must not pass from one component into another, which an adapter would not
	// stop, and the collector does not look for references below it.
	o.NoAdapters = o.NoAdapters || rt.cfg.Features.Exceptions || rt.cfg.Features.GC
	lp, err := link.Link(c.c, resolver{l}, limits.Limits(c.limits), o)
	if err != nil {
		return nil, err
	}
	p := &Program{rt: rt, link: lp}
	if err := p.compile(ctx, c); err != nil {
		p.Close()
		return nil, err
	}
	p.findMemories()
	if err := p.prelink(); err != nil {
		p.Close()
		return nil, err
	}
	return p, nil
}

// resource returns the one type of that name on a compatibility track.
func (l *Linker) resource(track, name string) *abi.ResourceType {
	key := track + "#" + name
	rt := l.resources[key]
	if rt == nil {
		rt = &abi.ResourceType{Name: key}
		l.resources[key] = rt
	}
	return rt
}

func (h *hostInterface) export(name string) *abi.Func {
	if h.trap == nil {
		return h.funcs[name]
	}
	return &abi.Func{Name: name, Type: link.AnyType, Serve: func(c *abi.Call) { c.Fail(h.trap) }}
}

// DefineFunc provides a function that components import on its own, not in an interface, by
// f's name. f belongs to the Linker and its programs.
func (l *Linker) DefineFunc(f *abi.Func) {
	l.define(f.Name, &hostInterface{funcs: map[string]*abi.Func{"": f}, bound: true})
}

// suggest names the provided interface that is most like name.
func (l *Linker) suggest(name string) string {
	best, dist := "", 1+len(name)/3
	for _, id := range l.IDs() {
		if d := distance(name, id, dist); d < dist {
			best, dist = id, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// distance is the edit distance of a and b, or max if it is not less.
func distance(a, b string, max int) int {
	if d := len(a) - len(b); d >= max || -d >= max {
		return max
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			d := prev
			if a[i] != b[j] {
				d = 1 + min(prev, row[j], row[j+1])
			}
			prev, row[j+1] = row[j+1], d
		}
	}
	return row[len(b)]
}

// trackOf splits an interface name into its compatibility track, such as "wasi:io/poll@0.2"
// of "wasi:io/poll@0.2.6", and the version's numbers. Names without version and those of
// pre-releases are a track of their own.
func trackOf(name string) (track string, order []uint64) {
	base, version, ok := strings.Cut(name, "@")
	if !ok {
		return name, nil
	}
	version, _, _ = strings.Cut(version, "+")
	parts := strings.Split(version, ".")
	if len(parts) != 3 {
		return name, nil
	}
	for _, p := range parts {
		n, ok := number(p)
		if !ok {
			return name, nil
		}
		order = append(order, n)
	}
	switch {
	case order[0] > 0:
		return base + "@" + parts[0], order
	case order[1] > 0:
		return base + "@0." + parts[1], order
	}
	return name, order
}

func number(s string) (n uint64, ok bool) {
	if s == "" || len(s) > 18 {
		return 0, false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + uint64(s[i]-'0')
	}
	return n, true
}

func less(a, b []uint64) bool {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return len(a) < len(b)
}
