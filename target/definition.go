package target

import (
	"maps"
	"slices"

	"github.com/spinhost/spin/internal/wording"
)

// Definition describes an environment. Nothing changes it after [Parse].
type Definition struct {
	Name string // for messages; see Parse
	File string // as given to Parse

	// Triggers holds what the environment offers to each type of trigger that it
	// is specific about.
	Triggers map[string]*Trigger

	// Default is what it offers to all other types, nil if it does not run them.
	Default *Trigger

	// Metadata is informational. Its keys are not checked.
	Metadata Metadata
}

// Trigger is what an environment offers to triggers of a type.
type Trigger struct {
	// Worlds are those of which a component must conform to one, at least one of
	// them.
	Worlds []World

	// Capabilities are the features that components may require, such as
	// "local_service_chaining".
	Capabilities []string

	Pos Position
}

// World refers to a world and says where its WIT is: if neither Reference nor Path
// is set, in a registry.
type World struct {
	Name      WorldName
	Registry  string // of packages; [DefaultRegistry] if the definition names none
	Reference string // of an image in a registry of images, whose first layer is the package
	Path      string // of a folder with WIT, relative to the definition, with slashes
	Pos       Position
}

// DefaultRegistry is where packages are if a definition does not say so.
const DefaultRegistry = "spinframework.dev"

// Metadata is informational.
type Metadata struct {
	Plugins   []string // names of plugins of the spin command that help to use the environment
	Templates *Templates
	All       map[string]any // all keys, as the TOML library decodes them
}

// Templates is a repository with templates of applications.
type Templates struct {
	URL string
	Tag string // empty for none
}

// Trigger returns what is offered to a type of trigger, false if it is not run.
func (d *Definition) Trigger(triggerType string) (*Trigger, bool) {
	if t, ok := d.Triggers[triggerType]; ok {
		return t, true
	}
	return d.Default, d.Default != nil
}

// TriggerTypes returns the types that the definition is specific about, sorted.
func (d *Definition) TriggerTypes() []string { return slices.Sorted(maps.Keys(d.Triggers)) }

// Parse reads the text of a definition. The file stands in positions; the name, under
// which users know the environment, in messages of [Check]. The error is
// [DefinitionErrors] and has every fault that could be found. Parse keeps no
// reference to data.
func Parse(name, file string, data []byte) (*Definition, error) {
	c := &collector{}
	d := &Definition{Name: name, File: file}
	if doc := readDocument(c, file, data); doc != nil {
		table{doc, doc.root, ""}.definition(d)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return d, nil
}

func (t table) definition(d *Definition) {
	t.check("triggers", "default", "metadata")
	t.require("triggers", `add a table such as [triggers.http] with a line such as worlds = ["acme:host/http@1.0.0"]`)
	d.Triggers = make(map[string]*Trigger)
	if triggers, ok := t.table("triggers"); ok {
		for _, triggerType := range slices.Sorted(maps.Keys(triggers.m)) {
			if trigger, ok := triggers.table(triggerType); ok {
				d.Triggers[triggerType] = trigger.trigger()
			}
		}
	}
	if def, ok := t.table("default"); ok {
		d.Default = def.trigger()
	}
	if metadata, ok := t.table("metadata"); ok {
		d.Metadata = metadata.metadata()
	}
}

func (t table) trigger() *Trigger {
	const fix = `write worlds = ["acme:host/http@1.0.0"] with the worlds of which components must conform to one`
	t.check("worlds", "capabilities")
	t.require("worlds", fix)
	trigger := &Trigger{Capabilities: t.texts("capabilities"), Pos: t.at(t.path)}
	list := t.array("worlds", "an array of strings and tables")
	if _, ok := t.m["worlds"].([]any); ok && len(list) == 0 {
		t.fault("worlds", nil, "there is no world, so that no component could conform to one: %s", fix)
	}
	for i, item := range list {
		path := index(t.key("worlds"), i)
		w := World{Pos: t.at(path)}
		switch value := item.(type) {
		case string:
			w.Registry = DefaultRegistry
			t.worldName(path, value, &w)
		case map[string]any:
			table{t.document, value, path}.world(&w)
		default:
			t.wrongKind(path, item, "the name of a world or a table")
		}
		trigger.Worlds = append(trigger.Worlds, w)
	}
	return trigger
}

// world reads { registry, world }, { reference, world } or { path, world }.
func (t table) world(w *World) {
	t.check("world", "registry", "reference", "path")
	t.require("world", `add the name, as in world = "acme:host/http@1.0.0"`)
	var sources []string
	for _, key := range []string{"registry", "reference", "path"} {
		if _, ok := t.m[key]; ok {
			sources = append(sources, key)
		}
	}
	if len(sources) != 1 {
		t.faultAt(t.path, nil, "has %d of the keys registry, reference and path: write exactly one, or only the name of the world as a string", len(sources))
	}
	w.Registry, w.Reference, w.Path = t.text("registry"), t.text("reference"), t.text("path")
	for _, key := range sources {
		if text, ok := t.m[key].(string); ok && text == "" {
			t.fault(key, nil, "is empty: write where the WIT of the world is, or remove the key")
		}
	}
	if name, ok := t.m["world"].(string); ok {
		t.worldName(t.key("world"), name, w)
	} else if value, ok := t.m["world"]; ok {
		t.wrongKind(t.key("world"), value, "a string")
	}
}

func (t table) worldName(path, text string, w *World) {
	name, err := ParseWorldName(text)
	switch {
	case err != nil:
		t.faultAt(path, err, "%v", err)
	case w.Registry != "" && name.Version == "":
		t.faultAt(path, nil, "%s has no version, which worlds of a registry need: write %s with the version that is meant", wording.Quote(text), wording.Quote(text+"@1.0.0"))
	}
	w.Name = name
}

// metadata reads what is known of the metadata, where it has the known form.
func (t table) metadata() Metadata {
	m := Metadata{All: t.m}
	if plugins, ok := t.m["plugins"].([]any); ok {
		for _, item := range plugins {
			if name, ok := item.(string); ok {
				m.Plugins = append(m.Plugins, name)
			}
		}
	}
	if templates, ok := t.m["templates"].(map[string]any); ok {
		if url, ok := templates["url"].(string); ok {
			tag, _ := templates["tag"].(string)
			m.Templates = &Templates{URL: url, Tag: tag}
		}
	}
	return m
}
