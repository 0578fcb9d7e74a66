package manifest

import (
	"errors"

	"github.com/spinhost/spin/capability"
)

var componentKeys = []keyRule{
	{name: "source"}, {name: "description"}, {name: "environment"}, {name: "allowed_outbound_hosts"},
	{name: "build"}, {name: "tool"},
	// These two say something about files and dependencies, which are not served.
	{name: "exclude_files"}, {name: "dependencies_inherit_configuration"},
	{name: "variables", later: "remove it, and write fixed settings as environment"},
	{name: "files", later: "remove it, and build the files into the component"},
	{name: "allowed_http_hosts", later: `write allowed_outbound_hosts with entries such as "https://example.com"`},
	{name: "key_value_stores", later: "remove it"},
	{name: "sqlite_databases", later: "remove it"},
	{name: "ai_models", later: "remove it"},
	{name: "dependencies", later: "remove it"},
	{name: "profile", later: "remove it"},
	{name: "targets", later: "remove it"},
	{name: "id", instead: "write the id in the header of the table, as in [component.my-component]"},
	{name: "trigger", instead: "write a table [[trigger.http]] that names the component"},
	{name: "config", instead: "write fixed settings as environment"},
}

func parseComponent(s section, def definition) *Component {
	s.check(componentKeys)
	s.checkTools()
	s.texts("exclude_files")
	s.field("dependencies_inherit_configuration", booleanKind, "a boolean")
	component := &Component{
		ID:          def.id,
		Description: s.text("description"),
		Environment: s.environment(),
		Build:       s.build(),
		Pos:         def.pos,
	}
	component.Source, component.SourcePos = s.source(def)
	component.AllowedOutboundHosts = s.hosts(def)
	return component
}

// source reads the path of the Wasm file.
func (s section) source(def definition) (string, Position) {
	const fix = `write source = "path/to/component.wasm"`
	s.require("source", def.pos, fix)
	if f := s.table.get("source"); f != nil && f.node.kind == tableKind {
		s.add(f.pos, s.at("source"), ErrUnsupported, "sources from a URL or a registry are not supported yet: download the file and "+fix)
		return "", Position{}
	}
	f := s.field("source", stringKind, "a string")
	if f == nil {
		return "", Position{}
	}
	path := f.node.value.(string)
	if path == "" {
		s.add(f.node.pos, s.at("source"), nil, "the path is empty: "+fix)
	}
	return path, f.node.pos
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
		var cause error = fault
		if errors.Is(fault, capability.ErrTemplate) {
			cause = errors.Join(ErrUnsupported, fault)
		}
		s.add(fault.Entry.Pos, s.at("allowed_outbound_hosts"), cause, fault.Detail())
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
		build.Command = []string{command.node.value.(string)}
	}
	return build
}
