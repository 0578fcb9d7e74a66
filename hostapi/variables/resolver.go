package variables

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/spinhost/spin/internal/template"
)

// Resolver resolves the variables of one app. It is safe for concurrent use.
type Resolver struct {
	declared   map[string]declared
	components map[string]map[string]*template.Template
	providers  []Provider
}

// declared is a variable of the application.
type declared struct {
	def      Value
	required bool
	secret   bool
}

// NewResolver returns a resolver for an app. The error is [Faults], and has all of them: names that
// cannot be, templates that cannot be read or refer to what is not declared, and required variables
// that no provider may resolve. Only providers that are a [Checker] are asked for that.
func NewResolver(cfg Config) (*Resolver, error) {
	r := &Resolver{
		declared:   map[string]declared{},
		components: map[string]map[string]*template.Template{},
		providers:  slices.DeleteFunc(slices.Clone(cfg.Providers), func(p Provider) bool { return p == nil }),
	}
	var faults Faults
	for _, d := range cfg.Variables {
		if err := r.declare(d); err != nil {
			faults = append(faults, &Fault{Variable: d.Name, Err: err})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(cfg.Components)) {
		faults = append(faults, r.parse(id, cfg.Components[id])...)
	}
	if faults != nil {
		return nil, faults
	}
	return r, nil
}

// declare adds a variable of the application.
func (r *Resolver) declare(d Declaration) error {
	def := d.Default
	if d.Secret {
		def = Secret(def.Reveal())
	}
	r.declared[d.Name] = declared{def, d.Required, d.Secret || def.secret && !d.Required}
	if err := template.CheckKey(d.Name); err != nil {
		return invalidName("", d.Name, err)
	}
	may := func(p Provider) bool { return mayResolve(p, d.Name) }
	if d.Required && !slices.ContainsFunc(r.providers, may) {
		return unresolved(d.Name, r.providers)
	}
	return nil
}

// parse reads the templates of a component.
func (r *Resolver) parse(id string, texts map[string]string) (faults Faults) {
	templates := map[string]*template.Template{}
	r.components[id] = templates
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		add := func(offset int, err error) {
			faults = append(faults, &Fault{Component: id, Variable: name, Offset: offset, Err: err})
		}
		if err := template.CheckKey(name); err != nil {
			add(0, invalidName(id, name, err))
		}
		t, err := template.Parse(texts[name])
		var syntax *template.SyntaxError
		if errors.As(err, &syntax) {
			add(syntax.Offset, err)
			continue
		}
		for _, ref := range t.References() {
			if _, ok := r.declared[ref.Name]; !ok {
				add(ref.Offset, r.unknown(ref.Name))
			}
		}
		templates[name] = t
	}
	return faults
}

// Get resolves a variable of a component. The error is an [*Error]. The value is secret if a
// secret is part of it.
func (r *Resolver) Get(ctx context.Context, component, name string) (Value, error) {
	if err := template.CheckKey(name); err != nil {
		return Value{}, invalidName(component, name, err)
	}
	t := r.components[component][name]
	if t == nil {
		return Value{}, undefined(component, name)
	}
	return r.put(component, name, t, r.once(ctx))
}

// All resolves all variables of a component, each of the application's that they need once. The
// error is an [*Error], the first in the order of the names.
func (r *Resolver) All(ctx context.Context, component string) (map[string]Value, error) {
	once := r.once(ctx)
	values := map[string]Value{}
	for _, name := range slices.Sorted(maps.Keys(r.components[component])) {
		v, err := r.put(component, name, r.components[component][name], once)
		if err != nil {
			return nil, err
		}
		values[name] = v
	}
	return values, nil
}

// put puts a component's variable together.
func (r *Resolver) put(component, name string, t *template.Template, get func(string) (Value, error)) (Value, error) {
	secret := false
	text, err := t.Resolve(func(name string) (string, error) {
		v, err := get(name)
		secret = secret || v.secret
		return v.Reveal(), err
	})
	switch {
	case errors.Is(err, template.ErrResultTooLong):
		return Value{}, tooLong(component, name, err)
	case err != nil:
		return Value{}, err
	}
	return Value{&text, secret}, nil
}

// once returns a function that resolves variables of the application, each once.
func (r *Resolver) once(ctx context.Context) func(name string) (Value, error) {
	known := map[string]Value{}
	return func(name string) (Value, error) {
		if v, ok := known[name]; ok {
			return v, nil
		}
		v, err := r.Resolve(ctx, name)
		if err == nil {
			known[name] = v
		}
		return v, err
	}
}

// Resolve resolves a variable of the application. The error is an [*Error].
func (r *Resolver) Resolve(ctx context.Context, name string) (Value, error) {
	d, ok := r.declared[name]
	if !ok {
		return Value{}, undeclared(name)
	}
	for _, p := range r.providers {
		v, ok, err := p.Get(ctx, name)
		switch {
		case err != nil:
			return Value{}, failed(name, d.secret, err)
		case ok:
			return Value{&v, d.secret}, nil
		}
	}
	if d.required {
		return Value{}, unresolved(name, r.providers)
	}
	return d.def, nil
}

// Lookup returns a function that resolves variables of the application, for templates that stand
// elsewhere than in a component's variables. Its errors are [*Error]. What it returns may be
// secret.
func (r *Resolver) Lookup(ctx context.Context) func(name string) (string, error) {
	return func(name string) (string, error) {
		v, err := r.Resolve(ctx, name)
		return v.Reveal(), err
	}
}

// Secrets lists the variables of the application that are secret, sorted.
func (r *Resolver) Secrets() []string {
	var names []string
	for name, d := range r.declared {
		if d.secret {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// String implements fmt.Stringer.
func (r *Resolver) String() string {
	return fmt.Sprintf("%d variables of the application, %d providers", len(r.declared), len(r.providers))
}
