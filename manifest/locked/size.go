package locked

// perValue is what a value takes beside its text, about.
const perValue = 32

// size estimates how long the text of a component is, in bytes.
func (c *Component) size() int {
	n := perValue + len(c.ID) + c.Metadata.size() + c.HostRequirements.size() + c.Source.size() +
		textsSize(c.Env) + textsSize(c.Config) + rolesSize(c.TriggerDependencies)
	for _, f := range c.Files {
		n += f.size() + len(f.Path)
	}
	for name, d := range c.Dependencies {
		n += len(name) + d.size()
	}
	return n
}

func (c Content) size() int { return perValue + len(c.Source) + len(c.Inline) + len(c.Digest) }

func (d Dependency) size() int {
	n := d.Source.size() + len(d.Export)
	for _, set := range d.Inherit.Sets {
		n += perValue + len(set)
	}
	return n
}

func rolesSize(roles map[string][]Dependency) int {
	n := 0
	for role, list := range roles {
		n += perValue + len(role)
		for _, d := range list {
			n += d.size()
		}
	}
	return n
}

func textsSize(texts map[string]string) int {
	n := 0
	for key, text := range texts {
		n += perValue + len(key) + len(text)
	}
	return n
}

func (v Values) size() int {
	n := perValue
	for key, value := range v {
		n += len(key) + valueSize(value)
	}
	return n
}

func valueSize(value any) int {
	switch v := value.(type) {
	case string:
		return perValue + len(v)
	case Values:
		return v.size()
	case map[string]any:
		return Values(v).size()
	case []string:
		n := perValue
		for _, text := range v {
			n += perValue + len(text)
		}
		return n
	case []any:
		n := perValue
		for _, item := range v {
			n += valueSize(item)
		}
		return n
	}
	return perValue
}
