package manifest

import (
	"errors"

	"github.com/spinhost/spin/capability"
)

var componentKeys = []keyRule{
	{name: "source"}, {name: "description"}, {name: "variables"}, {name: "environment"}, {name: "files"},
	{name: "exclude_files"}, {name: "allowed_outbound_hosts"}, {name: "key_value_stores"},
	{name: "sqlite_databases"}, {name: "ai_models"}, {name: "targets"}, {name: "build"}, {name: "tool"},
	{name: "allowed_http_hosts", later: `write allowed_outbound_hosts with entries such as "https://example.com"`},
	{name: "dependencies_inherit_configuration"},
	{name: "dependencies", later: "remove it"},
	{name: "profile", later: "remove it"},
	{name: "id", instead: "write the id in the header of the table, as in [component.my-component]"},
	{name: "trigger", instead: "write a table [[trigger.http]] that names the component"},
	{name: "config", instead: "write variables"},
}

func parseComponent(s section, def definition) *Component {
	s.check(componentKeys)
	s.field("dependencies_inherit_configuration", booleanKind, "a boolean")
	return &Component{
		ID:                   def.id,
		Description:          s.text("description"),
		Source:               s.componentSource(def.pos),
		Variables:            s.templates("variables"),
		Environment:          s.environment(),
		Files:                s.files(),
		ExcludeFiles:         s.positioned("exclude_files", notEmpty("the pattern")),
		AllowedOutboundHosts: s.hosts(def),
		KeyValueStores:       s.positioned("key_value_stores", checkLabel),
		SQLiteDatabases:      s.positioned("sqlite_databases", checkLabel),
		AIModels:             s.positioned("ai_models", notEmpty("the name of the model")),
		Targets:              s.targets(),
		Build:                s.build(),
		Tool:                 s.tables("tool"),
		Pos:                  def.pos,
		table:                s.table,
	}
}

func (s section) environment() map[string]string {
	vars := make(map[string]string)
	env, ok := s.subsection("environment")
	if !ok {
		return vars
	}
	for _, f := range env.table.fields {
		vars[f.key] = env.text(f.key)
	}
	return vars
}

// hosts compiles the list of allowed hosts.
func (s section) hosts(def definition) *capability.Hosts {
	owner := capability.Owner{Component: def.id, Pos: def.pos}
	if f := s.table.get("allowed_outbound_hosts"); f != nil {
		owner.Pos, owner.HasList = f.pos, true
	}
	var entries []capability.Entry
	for _, n := range s.textNodes("allowed_outbound_hosts") {
		entries = append(entries, capability.Entry{Text: n.value.(string), Pos: n.pos})
	}
	hosts, err := capability.ParseHosts(owner, entries)
	var faults capability.EntryErrors
	errors.As(err, &faults)
	for _, fault := range faults {
		s.add(fault.Entry.Pos, s.at("allowed_outbound_hosts"), fault, fault.Detail())
	}
	return hosts
}

var buildKeys = []keyRule{{name: "command"}, {name: "workdir"}, {name: "watch"}}

func (s section) build() *Build {
	b, ok := s.subsection("build")
	if !ok {
		return nil
	}
	b.check(buildKeys)
	b.require("command", b.table.pos, `add a line such as command = "cargo build --release --target wasm32-wasip2"`)
	build := &Build{Workdir: b.text("workdir"), Watch: b.texts("watch")}
	if f := b.table.get("command"); f != nil && f.node.kind == arrayKind {
		build.Command = b.texts("command")
	} else if command := b.field("command", stringKind, "a string or an array of strings"); command != nil {
		build.Command, build.Single = []string{command.node.value.(string)}, true
	}
	return build
}
