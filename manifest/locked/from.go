package locked

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"path"
	"strconv"
	"strings"
	"time"

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

func (l *locker) component(c *manifest.Component) Component {
	locked := Component{ID: c.ID, Metadata: componentValues(c), Source: l.source(c.Source)}
	for name, value := range c.Environment {
		if locked.Env == nil {
			locked.Env = make(map[string]string)
		}
		locked.Env[name] = value
	}
	for name, value := range c.Variables {
		if locked.Config == nil {
			locked.Config = make(map[string]string)
		}
		locked.Config[name] = value.Value
	}
	for _, d := range c.Dependencies {
		if locked.Dependencies == nil {
			locked.Dependencies = make(map[string]Dependency)
		}
		locked.Dependencies[d.Name.String()] = l.dependency(d)
	}
	switch {
	case len(c.Files) == 0:
	case l.Files == nil:
		l.fail(c.KeyPos("files"), fmt.Errorf("component %s has files: %w: set Options.Files", quote(c.ID), ErrOption))
	default:
		mounts, err := l.Files(c)
		l.fail(c.KeyPos("files"), err)
		locked.Files = mounts
	}
	if c.AllowedOutboundHosts.ServiceChaining() {
		locked.HostRequirements = Values{ServiceChaining: Required}
	}
	return locked
}

func componentValues(c *manifest.Component) Values {
	v := make(Values)
	v.set(descriptionKey, c.Description)
	var hosts []string
	for _, entry := range c.AllowedOutboundHosts.Entries() {
		hosts = append(hosts, entry.Text)
	}
	v.setList(hostsKey, hosts)
	v.setList(storesKey, values(c.KeyValueStores))
	v.setList(databasesKey, values(c.SQLiteDatabases))
	v.setList(modelsKey, values(c.AIModels))
	if c.Build != nil {
		build := make(Values)
		build.setList("command", c.Build.Command)
		if c.Build.Single && len(c.Build.Command) == 1 {
			build["command"] = c.Build.Command[0]
		}
		build.set("workdir", c.Build.Workdir)
		build.setList("watch", c.Build.Watch)
		v[buildKey] = map[string]any(build)
	}
	if len(v) == 0 {
		return nil
	}
	return v
}

func (l *locker) dependency(d *manifest.Dependency) Dependency {
	locked := Dependency{Source: l.source(d.Source), Export: d.Export, Inherit: Inherit{All: d.Inherit.All()}}
	for _, name := range d.Inherit.Names() {
		locked.Inherit.Sets = append(locked.Inherit.Sets, name.Text)
	}
	return locked
}

func (l *locker) source(s manifest.Source) Source {
	locked := Source{ContentType: WasmContent}
	switch {
	case s.Path != "" && path.IsAbs(s.Path):
		locked.Content = FileContent(path.Clean(s.Path))
	case s.Path != "" && l.Dir == "":
		l.fail(s.Pos, fmt.Errorf("the path %s is relative: %w: set Options.Dir", quote(s.Path), ErrOption))
	case s.Path != "":
		locked.Content = FileContent(path.Join(l.Dir, s.Path))
	case l.Fetch == nil:
		l.fail(s.Pos, fmt.Errorf("%s is not a local file: %w: set Options.Fetch", quote(s.String()), ErrOption))
	default:
		content, err := l.Fetch(s)
		l.fail(s.Pos, err)
		locked.Content = content
	}
	return locked
}

// table converts a table of TOML.
func (l *locker) table(t *manifest.Table) Values {
	v := make(Values)
	for key, value := range t.Values() {
		converted, err := fromTOML(value)
		if err != nil {
			l.fail(t.KeyPos(key), fmt.Errorf("%s: %w", quote(key), err))
		}
		v[key] = converted
	}
	return v
}

// fromTOML converts a value as the TOML library gives it. Dates and times become
// strings.
func fromTOML(value any) (any, error) {
	switch v := value.(type) {
	case string, bool:
		return v, nil
	case int64:
		return json.Number(strconv.FormatInt(v, 10)), nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, fmt.Errorf("%w: JSON has no %v: write a number", ErrValue, v)
		}
		text := strconv.FormatFloat(v, 'g', -1, 64)
		if !strings.ContainsAny(text, ".e") {
			text += ".0" // it stays a float
		}
		return json.Number(text), nil
	case []any:
		list := make([]any, len(v))
		var errs []error
		for i, item := range v {
			var err error
			list[i], err = fromTOML(item)
			errs = append(errs, err)
		}
		return list, errors.Join(errs...)
	case map[string]any:
		m := make(map[string]any, len(v))
		var errs []error
		for key, item := range v {
			var err error
			m[key], err = fromTOML(item)
			errs = append(errs, err)
		}
		return m, errors.Join(errs...)
	case time.Time:
		return v.Format(time.RFC3339Nano), nil
	case fmt.Stringer:
		return v.String(), nil
	}
	return nil, fmt.Errorf("%w: it is of the unknown type %T", ErrValue, value)
}
