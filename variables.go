package spin

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/manifest"
)

// loadVariables makes the resolver of the app's variables, or says what is wrong with them.
func (a *App) loadVariables() []error {
	cfg := variables.Config{Providers: a.cfg.Variables, Components: map[string]map[string]string{}}
	for _, v := range a.m.Variables {
		cfg.Variables = append(cfg.Variables, declaration(v))
	}
	for _, c := range a.m.Components {
		templates := map[string]string{}
		for name, text := range c.Variables {
			templates[name] = text.Value
		}
		cfg.Components[c.ID] = templates
	}
	var err error
	a.variables, err = variables.NewResolver(cfg)
	var faults variables.Faults
	errors.As(err, &faults)
	var errs []error
	for _, f := range faults {
		errs = append(errs, a.variableFault(f))
	}
	return errs
}

func declaration(v *manifest.Variable) variables.Declaration {
	def := variables.Text(v.Default)
	if v.Secret {
		def = variables.Secret(v.Default)
	}
	return variables.Declaration{Name: v.Name, Default: def, Required: v.Required, Secret: v.Secret}
}

// variableFault gives a fault its place in the manifest.
func (a *App) variableFault(f *variables.Fault) error {
	if c, ok := a.m.Component(f.Component); ok {
		return &Error{c.ID, c.Variables[f.Variable].Pos, fmt.Errorf("variable %q: %w", f.Variable, f.Err)}
	}
	return &Error{"", a.m.Variables[f.Variable].Pos, f.Err}
}
