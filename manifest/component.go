package manifest

import (
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/profile"
)

var componentKeys = []keyRule{
	{name: "source"}, {name: "description"}, {name: "variables"}, {name: "environment"}, {name: "files"},
	{name: "exclude_files"}, {name: hostsKey}, {name: "key_value_stores"},
	{name: "sqlite_databases"}, {name: "ai_models"}, {name: "targets"}, {name: "build"}, {name: "tool"},
	{name: legacyHostsKey}, {name: legacyInheritKey}, {name: "dependencies"}, {name: "profile"},
	{name: "id", instead: "write the id in the header of the table, as in [component.my-component]"},
	{name: "trigger", instead: "write a table [[trigger.http]] that names the component"},
	{name: "config", instead: "write variables"},
}

// schema is how a version of the format writes components.
type schema struct {
	keys      []keyRule
	variables string              // the key of the variables
	label     func(string) string // checks one
	hosts     []string            // that are allowed to components without list
}

var schema2 = schema{keys: componentKeys, variables: "variables", label: checkLabel}

func parseComponent(s section, def definition, sch schema) *draft {
	s.check(sch.keys)
	hosts := s.hosts(def, sch.hosts)
	c := &Component{
		ID:                   def.id,
		Description:          s.text("description"),
		Source:               s.componentSource(def.pos),
		Variables:            s.templates(sch.variables),
		Environment:          s.environment(),
		Files:                s.files(),
		ExcludeFiles:         s.positioned("exclude_files", notEmpty("the pattern")),
		AllowedOutboundHosts: hosts,
		KeyValueStores:       s.positioned("key_value_stores", sch.label),
		SQLiteDatabases:      s.positioned("sqlite_databases", sch.label),
		AIModels:             s.positioned("ai_models", notEmpty("the name of the model")),
		Build:                s.build(),
		Pos:                  def.pos,
		table:                s.table,
	}
	d := &draft{Component: c, section: s, expressions: s.table.Get(sch.variables)}
	s.warnLegacyHosts(hosts)
	s.warnWholeFolder(c.Files)
	return d
}

// parseComponent2 reads a component of version 2.
func parseComponent2(s section, def definition) *draft {
	d := parseComponent(s, def, schema2)
	d.Component.Dependencies = s.dependencies()
	d.Component.Targets = s.targets()
	d.Tool = s.tables("tool")
	d.legacyInherit = s.field(legacyInheritKey, tomltree.Boolean, "a boolean")
	d.overlays = s.overlays()
	return d
}

func (s section) environment() map[string]string {
	vars := make(map[string]string)
	env, ok := s.subsection("environment")
	if !ok {
		return vars
	}
	for _, f := range env.table.Fields {
		vars[f.Key] = env.text(f.Key)
	}
	return vars
}

var buildKeys = []keyRule{{name: "command"}, {name: "workdir"}, {name: "watch"}}

func (s section) build() *Build {
	b, ok := s.subsection("build")
	if !ok {
		return nil
	}
	b.check(buildKeys)
	command := b.command()
	return &Build{Command: command.Lines, Single: command.Single, Workdir: b.text("workdir"), Watch: b.texts("watch")}
}

// command reads the command of a build table.
func (s section) command() profile.Command {
	s.require("command", s.table.Pos, `add a line such as command = "cargo build --release --target wasm32-wasip2"`)
	if f := s.table.Get("command"); f != nil && f.Node.Kind == tomltree.Array {
		return profile.Command{Lines: s.texts("command")}
	}
	if f := s.field("command", tomltree.String, "a string or an array of strings"); f != nil {
		return profile.Command{Lines: []string{f.Node.Value.(string)}, Single: true}
	}
	return profile.Command{}
}
