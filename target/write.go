package target

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/semver"
	"github.com/spinhost/spin/internal/wording"
)

// ErrNoInterface means that there is no WIT for an interface that a host offers.
var ErrNoInterface = errors.New("no WIT for the interface")

// Host is what a host offers.
type Host struct {
	Name    string // of the environment, such as "acme-host"; it becomes the name of a file
	Package string // of the worlds, such as "acme:host@1.0.0"

	// Imports are the ids of the interfaces that components can import, such as
	// those of a hostapi.Registry, without those that only stand in for others.
	Imports []string

	Triggers []HostTrigger

	// WIT has the interfaces, or compatible versions of them, with all that they
	// use.
	WIT *wit.Set
}

// HostTrigger is what a host offers to a type of trigger.
type HostTrigger struct {
	Type string

	// Exports are the ids of the interfaces of which a component must export one.
	// If there are none, it need not export anything.
	Exports []string

	Capabilities []string // features that components may require
}

// WITFolder is the folder of the WIT that [Write] makes.
const WITFolder = "wit"

// Write describes a host by a definition and WIT, as files by their paths with
// slashes: NAME.toml and a file in WITFolder. A [Loader] reads them if they are in a
// folder together. The error joins all faults; those about interfaces wrap
// ErrNoInterface.
func Write(h Host) (map[string][]byte, error) {
	w := &hostWriter{Host: h}
	if !isFileName(h.Name) {
		w.fail("the name %s cannot be that of a file: write one such as \"acme-host\"", wording.Quote(h.Name))
	}
	if _, err := ParseWorldName(strings.Replace(h.Package, "@", "/w@", 1)); err != nil || !strings.Contains(h.Package, "@") {
		w.fail("%s is not a package with version: write one such as \"acme:host@1.0.0\"", wording.Quote(h.Package))
	}
	if len(h.Triggers) == 0 {
		w.fail("the host has no triggers: name at least one type")
	}
	imports := w.interfaces(h.Imports)
	definition := definitionTOML{Triggers: make(map[string]triggerTOML)}
	for _, t := range h.Triggers {
		if _, ok := definition.Triggers[t.Type]; ok || t.Type == "" {
			w.fail("there is more than one trigger of type %s, or one without type: write each type once", wording.Quote(t.Type))
		}
		definition.Triggers[t.Type] = w.trigger(t, imports)
	}
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	return w.files(definition)
}

type (
	definitionTOML struct {
		Triggers map[string]triggerTOML `toml:"triggers"`
	}
	triggerTOML struct {
		Worlds       []worldTOML `toml:"worlds,inline"`
		Capabilities []string    `toml:"capabilities,omitempty"`
	}
	worldTOML struct {
		Path  string `toml:"path"`
		World string `toml:"world"`
	}
)

type hostWriter struct {
	Host
	used   []*wit.Interface // whose text is needed
	worlds []string         // names
	text   strings.Builder  // of the worlds
	errs   []error
}

func (w *hostWriter) fail(format string, args ...any) {
	w.errs = append(w.errs, fmt.Errorf("target: "+format, args...))
}

// interfaces finds the WIT of interfaces, each once.
func (w *hostWriter) interfaces(ids []string) []*wit.Interface {
	var list []*wit.Interface
	for _, id := range ids {
		i := w.find(id)
		if i == nil {
			w.fail("%w %s: add it to Host.WIT, or leave the interface out", ErrNoInterface, wording.Quote(id))
			continue
		}
		if !slices.Contains(list, i) {
			list = append(list, i)
			w.use(i)
		}
	}
	return list
}

// find returns the interface of an id, or one of a compatible version.
func (w *hostWriter) find(id string) *wit.Interface {
	if w.WIT == nil {
		return nil
	}
	if i := w.WIT.Interface(id); i != nil {
		return i
	}
	for _, p := range w.WIT.Packages {
		for _, i := range p.Interfaces {
			if semver.TrackOf(i.ID()) == semver.TrackOf(id) {
				return i
			}
		}
	}
	return nil
}

// use notes an interface and those that it uses.
func (w *hostWriter) use(i *wit.Interface) {
	if slices.Contains(w.used, i) {
		return
	}
	w.used = append(w.used, i)
	for _, dep := range i.Deps() {
		w.use(dep)
	}
}

// trigger writes a world for each interface that components of a type may export.
func (w *hostWriter) trigger(t HostTrigger, imports []*wit.Interface) triggerTOML {
	written := triggerTOML{Capabilities: t.Capabilities}
	if len(t.Exports) == 0 {
		written.Worlds = append(written.Worlds, w.world(t, imports, nil))
	}
	for _, export := range w.interfaces(t.Exports) {
		written.Worlds = append(written.Worlds, w.world(t, imports, export))
	}
	return written
}

func (w *hostWriter) world(t HostTrigger, imports []*wit.Interface, export *wit.Interface) worldTOML {
	name := t.Type
	if !isLabel(name) {
		name = "trigger"
	}
	name += "-world"
	if export != nil {
		name = strings.TrimSuffix(name, "-world") + "-" + export.Name
	}
	free := name
	for n := 2; slices.Contains(w.worlds, free); n++ {
		free = name + "-v" + strconv.Itoa(n)
	}
	w.worlds = append(w.worlds, free)
	fmt.Fprintf(&w.text, "world %%%s {\n", free)
	for _, i := range imports {
		fmt.Fprintf(&w.text, "  import %s;\n", escaped(i))
	}
	if export != nil {
		fmt.Fprintf(&w.text, "  export %s;\n", escaped(export))
	}
	w.text.WriteString("}\n")
	pkg, version, _ := strings.Cut(w.Package, "@")
	return worldTOML{WITFolder, pkg + "/" + free + "@" + version}
}

// escaped writes the id of an interface so that keywords in it are names.
func escaped(i *wit.Interface) string {
	s := "%" + strings.ReplaceAll(i.Package.Namespace, ":", ":%") + ":%" + strings.ReplaceAll(i.Package.Name, "/", "/%") + "/%" + i.Name
	if i.Package.Version != "" {
		s += "@" + i.Package.Version
	}
	return s
}

// files puts the texts together: worlds, and the packages of interfaces that they
// need, in one file of WIT.
func (w *hostWriter) files(definition definitionTOML) (map[string][]byte, error) {
	var l wit.Loader
	for _, p := range w.WIT.Packages {
		part := *p
		part.Worlds = nil
		part.Interfaces = slices.DeleteFunc(slices.Clone(p.Interfaces), func(i *wit.Interface) bool { return !slices.Contains(w.used, i) })
		if len(part.Interfaces) > 0 {
			l.Add(p.ID()+".wit", part.String())
		}
	}
	l.Add("host.wit", "package "+w.Package+";\n"+w.text.String())
	set, err := l.Load()
	if err != nil {
		return nil, fmt.Errorf("target: write WIT: %w", err)
	}
	text, err := toml.Marshal(definition)
	if err != nil {
		return nil, fmt.Errorf("target: write the definition: %w", err)
	}
	return map[string][]byte{
		w.Name + ".toml":        text,
		WITFolder + "/host.wit": []byte(set.String()),
	}, nil
}
