package spin

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
	"github.com/spinhost/spin/trigger"
)

// maxManifest bounds what is read of a manifest or a locked app, in bytes; both have bounds of their
// own, which are lower.
const maxManifest = 16<<20 + 1

// readManifest reads a manifest or a locked app.
func (a *App) readManifest(name string) (err error) {
	name = a.files.find(name)
	f, err := a.files.fsys.Open(name)
	if err != nil {
		return fmt.Errorf("manifest: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxManifest))
	switch {
	case err != nil:
		return fmt.Errorf("manifest: read %s: %w", name, err)
	case isLock(name, text):
		a.m, err = a.readLock(name, text)
	default:
		a.m, err = manifest.Parse(name, text, &manifest.Options{Profile: a.cfg.Profile})
	}
	return err
}

// isLock reports whether text is meant to be a locked app: no TOML begins as JSON does.
func isLock(name string, text []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("{")) || filepath.Base(name) == LockName
}

// readLock makes a manifest of a locked app. Positions in it are those in the text.
func (a *App) readLock(name string, text []byte) (*manifest.Manifest, error) {
	app, err := locked.Parse(text)
	if err != nil {
		return nil, inLock(name, err)
	}
	if p := a.cfg.Profile; p != "" && p != app.Profile() {
		return nil, fmt.Errorf("%s: the app is locked with the profile %q, and Config.Profile is %q: lock it with that profile, or remove it here", name, app.Profile(), p)
	}
	dir := "/" + filepath.ToSlash(a.files.dir) // in the file system that was given
	if a.files.fsys == (osFS{}) {
		if a.files.dir, err = filepath.Abs(a.files.dir); err != nil {
			return nil, fmt.Errorf("manifest: %w", err)
		}
		dir = filepath.ToSlash(a.files.dir)
	}
	a.files.locked = &lockedContent{inline: map[string][]byte{}, digests: map[string][]locked.Content{}}
	errs := append(a.requirements(app), a.noteContent(app)...)
	m, err := app.Manifest(locked.ManifestOptions{Name: name, Dir: dir, Text: text, Content: a.files.locked.name})
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
	if _, placed := position(err); placed {
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
func (a *App) requirements(app *locked.App) []error {
	var errs []error
	for _, kind := range app.TriggerTypes() {
		t, ok := a.cfg.Triggers.Lookup(kind)
		if !ok {
			continue // told where the trigger is looked for
		}
		if err := app.CheckRequirements(kind, features(t)...); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

// features lists what components of a trigger may require of the host.
func features(t trigger.Trigger) []string {
	var list []string
	if d, ok := t.(trigger.Describer); ok {
		list = append(list, d.Features()...)
	}
	if c, ok := t.(trigger.Composer); ok && c.Around(locked.Middleware) != "" {
		list = append(list, locked.Middleware)
	}
	return list
}

// noteContent notes what the app says of the files of its components besides where they are.
func (a *App) noteContent(app *locked.App) []error {
	var errs []error
	note := func(s locked.Source, format string, args ...any) {
		if err := a.noteSource(s.Content); err != nil {
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
				errs = append(errs, &locked.PathError{Path: fmt.Sprintf("%s.files[%d]", at, k), Err: fmt.Errorf("content of files that is no folder is %w: %w", ErrUnsupported, err)})
			}
		}
	}
	for i, t := range app.Triggers {
		roles(t.Dependencies, fmt.Sprintf("triggers[%d]", i))
	}
	return errs
}

// noteSource notes the digest of a file, and checks that of content that is there.
func (a *App) noteSource(c locked.Content) error {
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
	full, err := a.files.resolve(file)
	if full = filepath.Clean(full); err == nil {
		a.files.locked.digests[full] = append(a.files.locked.digests[full], c)
	}
	return err
}
