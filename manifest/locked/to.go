package locked

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spinhost/spin/internal/wording"
	"github.com/spinhost/spin/manifest"
)

// ManifestOptions say how [App.Manifest] finds what an app refers to.
type ManifestOptions struct {
	// Name stands for the text of the manifest in positions; "spin.toml" if empty.
	Name string

	// Dir is the absolute path, with slashes, of the folder in which the manifest
	// is taken to be. Files in it are named relative to it, as the files of
	// components have to be; other paths stay absolute. If it is empty, all do.
	Dir string

	// Content returns the path of content that has neither the URL of a local file
	// nor, for a Wasm file, one of HTTP with a digest: it is inline, or a digest
	// alone. It can be nil if the app has no such content.
	Content func(Content) (path string, err error)

	// Text is what the app was made of by [Parse], and has not been changed since. With it
	// the positions that [App.Manifest] gives are those in it, under Name.
	Text []byte
}

// ErrManifest means that an app has something that a manifest cannot say.
var ErrManifest = errors.New("no manifest can say it")

// PathError says what of a locked app cannot be brought into a manifest.
type PathError struct {
	Path string // as in [Error]
	Err  error  // wraps ErrManifest, ErrNoFile, or is of ManifestOptions.Content
}

// Error returns the path and the reason.
func (e *PathError) Error() string { return e.Path + ": " + e.Err.Error() }

// Unwrap returns the reason.
func (e *PathError) Unwrap() error { return e.Err }

// Manifest makes a manifest of the app, for hosts that load apps from manifests. It is
// the result of reading the text that [App.TOML] makes, and positions are those in that
// text, or in ManifestOptions.Text. The profile is the one that the app was locked with; it
// is not applied again. Copies of components for triggers, whose ids can be such as no manifest
// allows ("web-for-my trigger"), get the nearest that it does.
//
// The error joins a [*PathError] for each value that manifests cannot say, or is
// [manifest.Errors] if the text is no valid manifest, for instance since the app has a
// component whose id none could have there.
func (a *App) Manifest(opts ManifestOptions) (*manifest.Manifest, error) {
	if opts.Name == "" {
		opts.Name = "spin.toml"
	}
	w, err := a.write(opts)
	if err != nil {
		return nil, err
	}
	var how manifest.Options
	if w.places != nil {
		how.Position = w.places.position
	}
	m, err := manifest.Parse(opts.Name, []byte(w.b.String()), &how)
	if err != nil {
		if w.places != nil {
			return nil, err // it has its places
		}
		return nil, fmt.Errorf("locked: the manifest of the app: %w", err)
	}
	m.Profile = a.Profile()
	return m, nil
}

// TOML returns the text of a manifest of version 2 that stands for the app. Host
// requirements are left out, as they follow from the rest. The error is that of
// [App.Manifest].
func (a *App) TOML(opts ManifestOptions) ([]byte, error) {
	w, err := a.write(opts)
	if err != nil {
		return nil, err
	}
	return []byte(w.b.String()), nil
}

func (a *App) write(opts ManifestOptions) (*tomlWriter, error) {
	// Values of any types become those that Parse makes.
	text, err := a.Marshal()
	if err != nil {
		return nil, err
	}
	if a, err = Parse(text); err != nil {
		return nil, err
	}
	a.renameCopies()
	w := &tomlWriter{ManifestOptions: opts, written: make(map[*Component]bool), places: newPlaces(opts.Name, opts.Text)}
	w.header(a)
	types, entries := a.TriggerTypes(), make(map[string][]int)
	for i, t := range a.Triggers {
		entries[t.Type] = append(entries[t.Type], i)
	}
	components := a.byID()
	for _, triggerType := range types {
		for _, i := range entries[triggerType] {
			t := a.Triggers[i]
			w.from(key("triggers"), item(i))
			w.trigger(t, components[t.Component()], index("triggers", i))
		}
	}
	if len(types) == 0 {
		w.from(key("triggers"))
		w.line("[trigger]")
	}
	for i := range a.Components {
		c := &a.Components[i]
		w.from(key("components"), item(i))
		w.component(c, index("components", i))
		if hasDependencies(c.TriggerDependencies) && !w.written[c] {
			w.fail(index("components", i)+".trigger_dependencies", fmt.Errorf(
				"%w: no trigger of type %s runs the component", ErrManifest, wording.Quote(c.TriggerDependenciesOf())))
		}
	}
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	return w, nil
}

func (w *tomlWriter) header(a *App) {
	w.line("spin_manifest_version = 2")
	w.from(key(metadataKey))
	w.line("[application]")
	w.keyLine("name", tomlString(a.Name()))
	w.text("version", a.Version())
	w.text("description", a.Description())
	w.texts("authors", a.Authors())
	types := a.TriggerTypes()
	for key := range a.Metadata.Object(triggersKey) {
		types = append(types, key)
	}
	slices.Sort(types)
	for _, triggerType := range slices.Compact(types) {
		if settings, ok := a.TriggerSettings(triggerType); ok {
			w.from(key(metadataKey), key(triggersKey), key(triggerType))
			if !a.Metadata.Has(triggersKey) {
				w.from(key(metadataKey), key(triggerKey))
			}
			w.line("[application.trigger." + tomlKey(triggerType) + "]")
			w.values(settings, "metadata.triggers."+triggerType)
		}
	}
	w.from(key("variables"))
	if len(a.Variables) > 0 {
		w.line("[variables]")
	}
	for _, name := range slices.Sorted(maps.Keys(a.Variables)) {
		v := a.Variables[name]
		fields := []string{"required = true"}
		if v.Default != nil {
			fields[0] = "default = " + tomlString(*v.Default)
		}
		if v.Description != "" {
			fields = append(fields, "description = "+tomlString(v.Description))
		}
		if v.Secret {
			fields = append(fields, "secret = true")
		}
		w.keyLine(name, "{ "+strings.Join(fields, ", ")+" }")
	}
}

// triggerOnly are keys of a trigger in a manifest that do not belong to its type.
var triggerOnly = []string{"id", "components", "dependencies"}

// trigger writes a trigger, with what its component has from it.
func (w *tomlWriter) trigger(t Trigger, c *Component, at string) {
	w.line("[[trigger." + tomlKey(t.Type) + "]]")
	w.text("id", t.ID)
	for _, key := range triggerOnly {
		if t.Config.Has(key) {
			w.fail(at+".trigger_config."+key, fmt.Errorf("%w: the key has another meaning there", ErrManifest))
		}
	}
	w.values(t.Config, at+".trigger_config")
	w.roles(t.Dependencies, at)
	switch {
	case c == nil || !hasDependencies(c.TriggerDependencies):
	case c.TriggerDependenciesOf() != t.Type:
		w.fail(at, fmt.Errorf("%w: its component %s has dependencies of triggers of type %s: give the trigger a component of its own",
			ErrManifest, wording.Quote(c.ID), wording.Quote(c.TriggerDependenciesOf())))
	case hasDependencies(t.Dependencies):
		w.fail(at, fmt.Errorf("%w: both the trigger and its component %s have dependencies: keep one of the two", ErrManifest, wording.Quote(c.ID)))
	default:
		w.written[c] = true
		w.roles(c.TriggerDependencies, "components."+c.ID)
	}
}

// roles writes the dependencies of a trigger.
func (w *tomlWriter) roles(roles map[string][]Dependency, at string) {
	for _, role := range slices.Sorted(maps.Keys(roles)) {
		var items []string
		for i, d := range roles[role] {
			items = append(items, w.dependency(d, index(at+".trigger_dependencies."+role, i)))
		}
		if len(items) > 0 {
			w.line("dependencies." + tomlKey(role) + " = [" + strings.Join(items, ", ") + "]")
		}
	}
}
