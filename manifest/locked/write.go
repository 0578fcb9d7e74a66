package locked

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// The text as package encoding/json writes it. Fields stand in the order in which
// Spin writes them, keys of maps are sorted.
type (
	wireApp struct {
		Version          int                     `json:"spin_lock_version"`
		MustUnderstand   []string                `json:"must_understand,omitempty"`
		Metadata         Values                  `json:"metadata,omitempty"`
		HostRequirements Values                  `json:"host_requirements,omitempty"`
		Variables        map[string]wireVariable `json:"variables,omitempty"`
		Triggers         []wireTrigger           `json:"triggers"`
		Components       []wireComponent         `json:"components"`
	}
	wireVariable struct {
		Description string  `json:"description,omitempty"`
		Default     *string `json:"default,omitempty"`
		Secret      bool    `json:"secret,omitempty"`
	}
	wireTrigger struct {
		ID           string                      `json:"id"`
		Type         string                      `json:"trigger_type"`
		Config       Values                      `json:"trigger_config"`
		Dependencies map[string][]wireDependency `json:"trigger_dependencies,omitempty"`
	}
	wireComponent struct {
		ID                  string                      `json:"id"`
		Metadata            Values                      `json:"metadata,omitempty"`
		Source              wireSource                  `json:"source"`
		Env                 map[string]string           `json:"env,omitempty"`
		Files               []wireMount                 `json:"files,omitempty"`
		Config              map[string]string           `json:"config,omitempty"`
		Dependencies        map[string]wireDependency   `json:"dependencies,omitempty"`
		TriggerDependencies map[string][]wireDependency `json:"trigger_dependencies,omitempty"`
		HostRequirements    Values                      `json:"host_requirements,omitempty"`
	}
	wireDependency struct {
		Source  wireSource   `json:"source"`
		Export  *string      `json:"export"` // null if there is none
		Inherit *wireInherit `json:"inherit,omitempty"`
	}
	wireInherit Inherit
	wireSource  struct {
		ContentType string `json:"content_type"`
		wireContent
	}
	wireMount struct {
		wireContent
		Path string `json:"path"`
	}
	wireContent struct {
		Source string  `json:"source,omitempty"`
		Inline *string `json:"inline,omitempty"`
		Digest string  `json:"digest,omitempty"`
	}
)

// MarshalJSON writes "All" or {"Some": [...]}.
func (i wireInherit) MarshalJSON() ([]byte, error) {
	if i.All {
		return []byte(`"All"`), nil
	}
	return json.Marshal(map[string][]string{"Some": i.Sets})
}

// Marshal returns the app as JSON, indented and with a newline at the end. Two apps
// that are equal have the same text. The error is about values that package
// encoding/json cannot write, and about what [Parse] would not read again.
func (a *App) Marshal() ([]byte, error) {
	wire := a.wire()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(wire); err != nil {
		return nil, fmt.Errorf("locked: write the app: %w", err)
	}
	if _, err := Parse(b.Bytes()); err != nil {
		return nil, fmt.Errorf("locked: the app cannot be written: %w", err)
	}
	return b.Bytes(), nil
}

// MarshalJSON is [App.Marshal] for package encoding/json, which asks for it by value.
func (a App) MarshalJSON() ([]byte, error) { return a.Marshal() }

func (a *App) wire() wireApp {
	w := wireApp{
		MustUnderstand:   a.MustUnderstand(),
		Metadata:         a.Metadata,
		HostRequirements: required(a.HostRequirements),
		Triggers:         make([]wireTrigger, len(a.Triggers)),
		Components:       make([]wireComponent, len(a.Components)),
	}
	// Version 0 is for hosts that do not know of requirements.
	if len(w.MustUnderstand) > 0 {
		w.Version = maxVersion
	}
	for name, v := range a.Variables {
		if w.Variables == nil {
			w.Variables = make(map[string]wireVariable)
		}
		w.Variables[name] = wireVariable(v)
	}
	for i, t := range a.Triggers {
		w.Triggers[i] = wireTrigger{t.ID, t.Type, t.Config, wireRoles(t.Dependencies)}
		if t.Config == nil {
			w.Triggers[i].Config = Values{}
		}
	}
	for i := range a.Components {
		w.Components[i] = a.Components[i].wire()
	}
	return w
}

func (c *Component) wire() wireComponent {
	w := wireComponent{
		ID: c.ID, Metadata: c.Metadata, Source: c.Source.wire(), Env: c.Env, Config: c.Config,
		TriggerDependencies: wireRoles(c.TriggerDependencies),
		HostRequirements:    required(c.HostRequirements),
	}
	for _, f := range c.Files {
		w.Files = append(w.Files, wireMount{f.wire(), f.Path})
	}
	for name, d := range c.Dependencies {
		if w.Dependencies == nil {
			w.Dependencies = make(map[string]wireDependency)
		}
		w.Dependencies[name] = d.wire()
	}
	return w
}

func wireRoles(roles map[string][]Dependency) map[string][]wireDependency {
	if len(roles) == 0 {
		return nil
	}
	w := make(map[string][]wireDependency, len(roles))
	for role, list := range roles {
		w[role] = make([]wireDependency, len(list)) // never null
		for i, d := range list {
			w[role][i] = d.wire()
		}
	}
	return w
}

func (d Dependency) wire() wireDependency {
	w := wireDependency{Source: d.Source.wire()}
	if d.Export != "" {
		w.Export = &d.Export
	}
	if !d.Inherit.None() {
		inherit := wireInherit(d.Inherit)
		w.Inherit = &inherit
	}
	return w
}

func (s Source) wire() wireSource { return wireSource{s.ContentType, s.Content.wire()} }

func (c Content) wire() wireContent {
	w := wireContent{Source: c.Source, Digest: c.Digest}
	if c.Inline != nil {
		text := inlineEncoding.EncodeToString(c.Inline)
		w.Inline = &text
	}
	return w
}
