package locked

import (
	"errors"

	"github.com/spinhost/spin/manifest"
)

// Options say how [FromManifest] locks what a manifest leaves open.
type Options struct {
	// Dir is the absolute path of the manifest's folder, with slashes. Relative
	// paths of Wasm files start there.
	Dir string

	// Origin is the URL of the manifest, which the app is said to come from; empty
	// to say nothing.
	Origin string

	// Fetch returns where the Wasm file of a URL or of a registry is. It can be nil
	// if the manifest has none of these.
	Fetch func(manifest.Source) (Content, error)

	// Files returns what a component sees as its files, usually one folder with
	// copies of them. It is called for components that have some, and can be nil if
	// none has.
	Files func(*manifest.Component) ([]Mount, error)
}

// Causes of a [ManifestError], for errors.Is.
var (
	// ErrOption means that the manifest needs an option that was not given.
	ErrOption = errors.New("missing option")
	// ErrValue means that a value has no form in JSON.
	ErrValue = errors.New("value cannot be locked")
)

// ManifestError says what of a manifest cannot be locked.
type ManifestError struct {
	Pos manifest.Position
	Err error
}

// Error returns the place and the reason.
func (e *ManifestError) Error() string { return e.Pos.String() + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *ManifestError) Unwrap() error { return e.Err }

// FromManifest locks an app. Its profile is the one that the manifest was read with;
// dependencies of triggers are moved to their components. What only concerns building
// and deploying is left out, but for the build command.
//
// The error joins a [*ManifestError] for each fault, or is that of
// [App.MoveTriggerDependencies].
func FromManifest(m *manifest.Manifest, opts Options) (*App, error) {
	l := &locker{Options: opts}
	a := &App{Metadata: l.appMetadata(m)}
	for name, v := range m.Variables {
		if a.Variables == nil {
			a.Variables = make(map[string]Variable)
		}
		variable := Variable{Description: v.Description, Secret: v.Secret}
		if !v.Required {
			text := v.Default
			variable.Default = &text
		}
		a.Variables[name] = variable
	}
	for _, t := range m.Triggers {
		a.Triggers = append(a.Triggers, l.trigger(t))
	}
	for _, c := range m.Components {
		a.Components = append(a.Components, l.component(c))
	}
	if err := errors.Join(l.errs...); err != nil {
		return nil, err
	}
	if err := a.MoveTriggerDependencies(); err != nil {
		return nil, err
	}
	return a, nil
}

type locker struct {
	Options
	errs []error
}

func (l *locker) fail(pos manifest.Position, err error) {
	if err != nil {
		l.errs = append(l.errs, &ManifestError{pos, err})
	}
}

func (l *locker) appMetadata(m *manifest.Manifest) Values {
	triggers := make(Values)
	for triggerType, settings := range m.Application.Triggers {
		triggers[triggerType] = map[string]any(l.table(settings))
	}
	v := Values{nameKey: m.Application.Name, triggersKey: map[string]any(triggers)}
	v.set(versionKey, m.Application.Version)
	v.set(descriptionKey, m.Application.Description)
	v.set(originKey, l.Origin)
	v.set(profileKey, m.Profile)
	v.setList(authorsKey, m.Application.Authors)
	if types := m.TriggerTypes(); len(types) == 1 {
		legacy := triggers.Object(types[0]).clone()
		if legacy == nil {
			legacy = make(Values)
		}
		legacy["type"] = types[0]
		v[triggerKey] = map[string]any(legacy)
	}
	return v
}

// set keeps a string unless it is empty.
func (v Values) set(key, text string) {
	if text != "" {
		v[key] = text
	}
}

// setList keeps an array of strings unless it is empty.
func (v Values) setList(key string, texts []string) {
	var list []any
	for _, text := range texts {
		list = append(list, text)
	}
	if list != nil {
		v[key] = list
	}
}

func values(texts []manifest.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, t.Value)
	}
	return list
}

func (l *locker) trigger(e *manifest.TriggerEntry) Trigger {
	t := Trigger{ID: e.ID, Type: e.Type, Config: l.table(&e.Table)}
	if e.Component != "" {
		t.Config["component"] = e.Component
	}
	for role, list := range e.Dependencies {
		if t.Dependencies == nil {
			t.Dependencies = make(map[string][]Dependency)
		}
		for _, d := range list {
			t.Dependencies[role] = append(t.Dependencies[role], l.dependency(d))
		}
	}
	return t
}
