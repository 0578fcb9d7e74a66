package bundle

import (
	"errors"
	"fmt"
	"path/filepath"

	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

// readLock makes a manifest of a locked app. Positions in it are those in the text.
func (b *Bundle) readLock(name string, text []byte) (*manifest.Manifest, error) {
	app, err := locked.Parse(text)
	if err != nil {
		return nil, inLock(name, err)
	}
	if p := b.cfg.Profile; p != "" && p != app.Profile() {
		return nil, fmt.Errorf("%s: the app is locked with the profile %q, and Config.Profile is %q: lock it with that profile, or remove it here", name, app.Profile(), p)
	}
	dir := "/" + filepath.ToSlash(b.dir) // in the file system that was given
	if b.isOS() {
		if b.dir, err = filepath.Abs(b.dir); err != nil {
			return nil, fmt.Errorf("manifest: %w", err)
		}
		dir = filepath.ToSlash(b.dir)
	}
	b.locked = &lockedContent{inline: map[string][]byte{}, digests: map[string][]locked.Content{}}
	errs := append(b.requirements(app), b.noteContent(app)...)
	m, err := app.Manifest(locked.ManifestOptions{Name: name, Dir: dir, Text: text, Content: b.locked.name})
	if err != nil {
		errs = append(errs, fault.Split(err)...)
	}
	for k := range errs {
		errs[k] = inLock(name, errs[k])
	}
	return m, errors.Join(errs...)
}

// inLock names the file before what is wrong with it, unless the error does.
func inLock(name string, err error) error {
	var placed *manifest.Error
	if errors.As(err, &placed) {
		return err
	}
	var faults locked.Errors
	if !errors.As(err, &faults) {
		return fmt.Errorf("%s: %w", name, err)
	}
	var errs []error
	for _, f := range faults {
		errs = append(errs, fault.Reword(f, name+":"+f.Error()))
	}
	return errors.Join(errs...)
}

// requirements finds what the app needs of its host and is not there.
func (b *Bundle) requirements(app *locked.App) []error {
	var errs []error
	for _, kind := range app.TriggerTypes() {
		features, ok := b.cfg.Features(kind)
		if !ok {
			continue // told where the trigger is looked for
		}
		if err := app.CheckRequirements(kind, features...); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// noteContent notes what the app says of the files of its components besides where they are.
func (b *Bundle) noteContent(app *locked.App) []error {
	var errs []error
	note := func(s locked.Source, format string, args ...any) {
		if err := b.noteSource(s.Content); err != nil {
			errs = append(errs, &locked.PathError{Path: fmt.Sprintf(format, args...) + ".source", Err: err})
		}
	}
	roles := func(all map[string][]locked.Dependency, at string) {
		for role, list := range all {
			for i, d := range list {
				note(d.Source, "%s.trigger_dependencies.%s[%d]", at, role, i)
			}
		}
	}
	for i, c := range app.Components {
		at := fmt.Sprintf("components[%d]", i)
		note(c.Source, "%s", at)
		for name, d := range c.Dependencies {
			note(d.Source, "%s.dependencies[%q]", at, name)
		}
		roles(c.TriggerDependencies, at)
		for k, f := range c.Files {
			if _, err := f.File(); err != nil {
				errs = append(errs, &locked.PathError{Path: fmt.Sprintf("%s.files[%d]", at, k), Err: fmt.Errorf("content of files that is no folder is %w: %w", manifest.ErrUnsupported, err)})
			}
		}
	}
	for i, t := range app.Triggers {
		roles(t.Dependencies, fmt.Sprintf("triggers[%d]", i))
	}
	return errs
}

// noteSource notes the digest of a file, and checks that of content that is there.
func (b *Bundle) noteSource(c locked.Content) error {
	if c.Digest == "" {
		return nil
	}
	if _, err := c.SHA256(); err != nil {
		return err
	}
	file, err := c.File()
	if err != nil {
		return nil // not of a file
	}
	full, err := b.resolve(file)
	if full = filepath.Clean(full); err == nil {
		b.locked.digests[full] = append(b.locked.digests[full], c)
	}
	return err
}
