package target

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/internal/wording"
)

// Reference says where a definition is: one of Name, URL and Path is not empty.
type Reference struct {
	Name string // NAME or NAME:VERSION in the catalogue
	URL  string
	Path string // with slashes
	Pos  Position
}

// String returns what is written, without the password of a URL.
func (r Reference) String() string { return r.Name + wording.HidePassword(r.URL) + r.Path }

// Loader finds environments. Fields that nothing needs can be nil. It is safe for
// concurrent use if what it is made of is.
type Loader struct {
	// Catalogue has the environments that are referred to by name.
	Catalogue Catalogue

	// HTTP gets the definitions that are referred to by URL.
	HTTP *http.Client

	// FS has the files that paths lead to. Paths are relative to its root, and
	// cannot lead out of it.
	FS fs.FS

	// World returns the world that a definition refers to in a registry of
	// packages, or, if its Reference is set, in one of images.
	World func(context.Context, World) (*wit.World, error)
}

// Environment is a definition with the WIT of its worlds, as a [Loader] makes it. Nothing
// changes it.
type Environment struct {
	*Definition
	worlds map[*Trigger][]*wit.World
}

// Worlds returns what components of triggers of a type must conform to one of, nil if
// the environment does not run them. The slice is not a copy.
func (e *Environment) Worlds(triggerType string) []*wit.World {
	t, ok := e.Trigger(triggerType)
	if !ok {
		return nil
	}
	return e.worlds[t]
}

// LoadError is what went wrong when an environment was loaded.
type LoadError struct {
	Reference Reference
	Err       error
}

// Error returns the place of the reference, the reference and the reason.
func (e *LoadError) Error() string {
	s := ""
	if e.Reference.Pos.IsValid() {
		s = e.Reference.Pos.String() + ": "
	}
	return s + "target environment " + wording.Quote(e.Reference.String()) + ": " + e.Err.Error()
}

// Unwrap returns the reason.
func (e *LoadError) Unwrap() error { return e.Err }

// Load finds a definition and the WIT of all its worlds. The error is a [*LoadError]
// around [DefinitionErrors], [ErrNoEnvironment], [ErrNoWorld], [ErrNoSource] or what
// the file system, the network or a function of the Loader returned.
func (l *Loader) Load(ctx context.Context, ref Reference) (*Environment, error) {
	e, err := l.load(ctx, ref)
	if err != nil {
		return nil, &LoadError{ref, err}
	}
	return e, nil
}

func (l *Loader) load(ctx context.Context, ref Reference) (*Environment, error) {
	src, err := l.find(ctx, ref)
	if err != nil {
		return nil, err
	}
	d, err := Parse(src.Name, src.File, src.Text)
	if err != nil {
		return nil, err
	}
	e := &Environment{Definition: d, worlds: make(map[*Trigger][]*wit.World)}
	folders := folders{src, make(map[string]*wit.Set), make(map[string]error)}
	var errs []error
	triggers := []*Trigger{}
	for _, triggerType := range d.TriggerTypes() {
		triggers = append(triggers, d.Triggers[triggerType])
	}
	if d.Default != nil {
		triggers = append(triggers, d.Default)
	}
	for _, t := range triggers {
		for _, w := range t.Worlds {
			world, err := l.world(ctx, folders, w)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: world %q: %w", w.Pos, w.Name, err))
			}
			e.worlds[t] = append(e.worlds[t], world)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return e, nil
}

// find returns the text of a definition.
func (l *Loader) find(ctx context.Context, ref Reference) (Source, error) {
	switch {
	case ref.URL != "":
		return l.get(ctx, ref.URL)
	case ref.Path != "":
		if l.FS == nil {
			return Source{}, fmt.Errorf("the loader has no files: %w: set Loader.FS", ErrNoSource)
		}
		file := path.Clean(ref.Path)
		if !fs.ValidPath(file) {
			return Source{}, fmt.Errorf("the path leads out of the application's folder: %w: move the file there", fs.ErrInvalid)
		}
		text, err := readDefinition(l.FS, file)
		return Source{Name: stem(file), File: file, Text: text, FS: l.FS, Dir: path.Dir(file)}, err
	case l.Catalogue == nil:
		return Source{}, fmt.Errorf("the loader has no catalogue: %w: set Loader.Catalogue, or write { path = \"...\" }", ErrNoSource)
	}
	name, version, _ := strings.Cut(ref.Name, ":")
	return l.Catalogue.Find(ctx, name, version)
}

// stem returns the name of an environment by its file.
func stem(file string) string { return strings.TrimSuffix(path.Base(file), ".toml") }

func (l *Loader) get(ctx context.Context, text string) (Source, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return Source{}, fmt.Errorf("%w: write a URL such as \"https://example.com/acme-host.toml\"", ErrNoEnvironment)
	}
	if l.HTTP == nil {
		return Source{}, fmt.Errorf("the loader has no HTTP client: %w: set Loader.HTTP", ErrNoSource)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, text, nil)
	if err != nil {
		return Source{}, err
	}
	res, err := l.HTTP.Do(req)
	if err != nil {
		return Source{}, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		err := fmt.Errorf("the server answers %q", res.Status)
		if res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusGone {
			err = fmt.Errorf("%w: %w", ErrNoEnvironment, err)
		}
		return Source{}, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxSize+1))
	return Source{Name: stem(u.Path), File: wording.HidePassword(text), Text: body}, err
}
