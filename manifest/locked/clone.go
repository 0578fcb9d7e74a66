package locked

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares nothing with a.
func (a *App) Clone() *App {
	b := &App{
		Metadata:         a.Metadata.clone(),
		HostRequirements: a.HostRequirements.clone(),
		Variables:        maps.Clone(a.Variables),
		Triggers:         slices.Clone(a.Triggers),
		Components:       slices.Clone(a.Components),
	}
	for name, v := range b.Variables {
		if v.Default != nil {
			text := *v.Default
			v.Default = &text
			b.Variables[name] = v
		}
	}
	for i, t := range b.Triggers {
		b.Triggers[i].Config = t.Config.clone()
		b.Triggers[i].Dependencies = cloneRoles(t.Dependencies)
	}
	for i := range b.Components {
		b.Components[i] = b.Components[i].clone()
	}
	return b
}

func (c Component) clone() Component {
	c.Metadata = c.Metadata.clone()
	c.Source.Content = c.Source.clone()
	c.Env = maps.Clone(c.Env)
	c.Files = slices.Clone(c.Files)
	for i, f := range c.Files {
		c.Files[i].Content = f.clone()
	}
	c.Config = maps.Clone(c.Config)
	c.Dependencies = maps.Clone(c.Dependencies)
	for name, d := range c.Dependencies {
		c.Dependencies[name] = d.clone()
	}
	c.TriggerDependencies = cloneRoles(c.TriggerDependencies)
	c.HostRequirements = c.HostRequirements.clone()
	return c
}

func cloneRoles(roles map[string][]Dependency) map[string][]Dependency {
	roles = maps.Clone(roles)
	for role, list := range roles {
		list = slices.Clone(list)
		for i, d := range list {
			list[i] = d.clone()
		}
		roles[role] = list
	}
	return roles
}

func (d Dependency) clone() Dependency {
	d.Source.Content = d.Source.clone()
	d.Inherit.Sets = slices.Clone(d.Inherit.Sets)
	return d
}

func (c Content) clone() Content {
	c.Inline = slices.Clone(c.Inline)
	return c
}
