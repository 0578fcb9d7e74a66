package manifest

import (
	"errors"

	"github.com/spinhost/spin/internal/wording"
	"github.com/spinhost/spin/profile"
)

var (
	profileKeys      = []keyRule{{name: "source"}, {name: "environment"}, {name: "dependencies"}, {name: "build"}}
	profileBuildKeys = []keyRule{
		{name: "command"},
		{name: "workdir", instead: "a profile changes only the command, so write it in the build table of the component"},
		{name: "watch", instead: "a profile changes only the command, so write it in the build table of the component"},
	}
)

// overlays reads what profiles change of a component.
func (s section) overlays() map[string]overlay {
	profiles, ok := s.subsection("profile")
	if !ok {
		return nil
	}
	overlays := make(map[string]overlay)
	for _, f := range profiles.table.Fields {
		if f.Key == "" {
			s.add(f.Pos, profiles.at(f.Key), nil, "the name of the profile is empty, so that nobody could choose it: write a name such as debug")
		}
		if p, ok := profiles.subsection(f.Key); ok {
			overlays[f.Key] = p.overlay()
		}
	}
	return overlays
}

func (s section) overlay() overlay {
	s.check(profileKeys)
	o := overlay{Dependencies: s.dependencies()}
	if s.table.Get("environment") != nil {
		o.Environment = s.environment()
	}
	if s.table.Get("source") != nil {
		source := s.componentSource(s.table.Pos)
		o.Source = &source
	}
	if b, ok := s.subsection("build"); ok {
		b.check(profileBuildKeys)
		command := b.command()
		o.Command = &command
	}
	return o
}

// applyProfile changes the components as a profile says.
func (a *assembly) applyProfile(name string) {
	a.m.Profile = name
	var defined []string
	for _, d := range a.drafts {
		for p := range d.overlays {
			defined = append(defined, p)
		}
	}
	var undefined *profile.UndefinedError
	if errors.As(profile.Check(name, defined), &undefined) {
		a.undefinedProfile(undefined)
		return
	}
	for _, d := range a.drafts {
		o, ok := d.overlays[name]
		if !ok {
			continue
		}
		changed := o.Apply(profile.Component[Source, *Dependency]{
			Source: d.Source, Environment: d.Environment, Dependencies: d.Dependencies, Build: d.Build,
		}, func(d *Dependency) string { return d.Name.String() })
		d.Source, d.Environment, d.Dependencies, d.Build = changed.Source, changed.Environment, changed.Dependencies, changed.Build
	}
}

func (a *assembly) undefinedProfile(e *profile.UndefinedError) {
	msg := "no component defines the profile " + wording.Quote(e.Name) + ": "
	if len(e.Defined) > 0 {
		msg += "choose one of " + enumerate(wording.NearestFirst(e.Name, e.Defined))
	} else {
		msg += "choose none, or add a table such as [component.ID.profile." + clip(e.Name) + "]"
	}
	a.add(Position{File: a.m.File, Line: 1, Column: 1}, "", errors.Join(ErrProfile, e), msg)
}
