package locked

import (
	"fmt"
	"path"

	"github.com/spinhost/spin/internal/wording"
	"github.com/spinhost/spin/manifest"
)

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
		l.fail(c.KeyPos("files"), fmt.Errorf("component %s has files: %w: set Options.Files", wording.Quote(c.ID), ErrOption))
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
		build["command"] = []any{}
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
	if len(d.Dependencies) > 0 {
		l.fail(d.Pos, fmt.Errorf("the dependency is a component with dependencies of its own, which locked apps cannot say: compose the two, or write the dependencies into one component"))
	}
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
		l.fail(s.Pos, fmt.Errorf("the path %s is relative: %w: set Options.Dir", wording.Quote(s.Path), ErrOption))
	case s.Path != "":
		locked.Content = FileContent(path.Join(l.Dir, s.Path))
	case l.Fetch == nil:
		l.fail(s.Pos, fmt.Errorf("%s is not a local file: %w: set Options.Fetch", wording.Quote(s.String()), ErrOption))
	default:
		content, err := l.Fetch(s)
		l.fail(s.Pos, err)
		locked.Content = content
	}
	return locked
}
