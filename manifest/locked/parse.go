package locked

import (
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
)

// Parse reads a locked app. The error is [Errors] and has every fault that could be
// found. Keys that the format does not have are ignored, outside of metadata and
// configuration, unless the text says that they must be understood. Parse keeps no
// reference to data.
func Parse(data []byte) (*App, error) {
	c := &collector{data: data}
	root := readTree(c)
	if root == nil {
		return nil, c.err()
	}
	a := &App{}
	if o, ok := newObject(c, root, ""); ok {
		o.app(a)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return a, nil
}

// UnmarshalJSON is [Parse] for package encoding/json.
func (a *App) UnmarshalJSON(data []byte) error {
	parsed, err := Parse(data)
	if err != nil {
		return err
	}
	*a = *parsed
	return nil
}

func (o object) app(a *App) {
	if !o.version() {
		return // other rules would hold
	}
	o.mustUnderstand()
	a.Metadata = o.metadata(object.appMetadata)
	a.HostRequirements = o.requirements()
	o.each("variables", func(name string, v object) {
		if a.Variables == nil {
			a.Variables = make(map[string]Variable)
		}
		a.Variables[name] = v.variable()
	})
	o.list("triggers", true, func(t object) { a.Triggers = append(a.Triggers, t.trigger()) })
	seen := make(map[string]bool)
	o.list("components", true, func(c object) {
		component := c.component()
		switch {
		case component.ID == "":
			if n := c.n.get("id"); n != nil && n.kind == stringKind {
				c.fault("id", nil, `the id is empty: write one such as "my-component"`)
			}
		case seen[component.ID]:
			c.fault("id", nil, "there is another component %s: rename one of the two", wording.Quote(component.ID))
		}
		seen[component.ID] = true
		a.Components = append(a.Components, component)
	})
}

const maxVersion = 1

// version reports whether the text is of a version of the format that is known.
func (o object) version() bool {
	n := o.require("spin_lock_version", numberKind)
	if n == nil {
		return false
	}
	if n.text != "0" && n.text != "1" {
		o.fault("spin_lock_version", ErrVersion, "the version is %s, and only those up to %d are known: lock the app with an older tool, or use a newer host", wording.Quote(n.text), maxVersion)
		return false
	}
	return true
}

func (o object) mustUnderstand() {
	known := []string{mustAppRequirements, mustComponentRequirements}
	for i, section := range o.texts("must_understand") {
		if !slices.Contains(known, section) {
			o.add(o.n.get("must_understand").items[i].offset, index(o.at("must_understand"), i), ErrMustUnderstand,
				"the app says that its host must understand %s, and only %s are known: run it on a newer host",
				wording.Quote(section), strings.Join(known, " and "))
		}
	}
}

// requirements reads host_requirements without those that are optional.
func (o object) requirements() Values {
	r, ok := o.object("host_requirements")
	if !ok {
		return nil
	}
	kept := required(r.n.values())
	for _, f := range r.n.fields {
		if kept.Has(f.key) && !slices.Contains(knownFeatures, f.key) {
			o.add(f.offset, r.at(f.key), ErrRequirement,
				"the app requires %s of its host, and only %s are known: run it on a newer host, or make the feature %q",
				wording.Quote(f.key), strings.Join(knownFeatures, " and "), Optional)
		}
	}
	return kept
}

// metadata reads metadata, nil for none, and checks what is known of it.
func (o object) metadata(check func(object)) Values {
	m, ok := o.object("metadata")
	if !ok || len(m.n.fields) == 0 {
		return nil
	}
	check(m)
	return m.n.values()
}

func (o object) variable() Variable {
	v := Variable{Description: o.optionalText("description"), Secret: o.boolean("secret")}
	if n := o.n.get("default"); n != nil && n.kind != nullKind {
		text := o.text("default")
		v.Default = &text
	}
	return v
}

func (o object) trigger() Trigger {
	t := Trigger{ID: o.requiredText("id"), Type: o.requiredText("trigger_type"), Dependencies: o.roles()}
	if o.require("trigger_config", objectKind) != nil {
		t.Config = o.n.get("trigger_config").values()
	}
	return t
}

func (o object) component() Component {
	c := Component{
		ID:                  o.requiredText("id"),
		Source:              o.source(),
		Env:                 o.textMap("env"),
		Config:              o.textMap("config"),
		TriggerDependencies: o.roles(),
		HostRequirements:    o.requirements(),
		Metadata:            o.metadata(object.componentMetadata),
	}
	o.list("files", false, func(f object) {
		c.Files = append(c.Files, Mount{Content: f.content(), Path: f.requiredText("path")})
	})
	o.each("dependencies", func(name string, d object) {
		if c.Dependencies == nil {
			c.Dependencies = make(map[string]Dependency)
		}
		c.Dependencies[name] = d.dependency()
	})
	return c
}
