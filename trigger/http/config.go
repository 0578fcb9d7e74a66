package http

import (
	"errors"

	"github.com/spinhost/spin/trigger"
)

// settings are the keys of a [[trigger.http]] entry.
type settings struct {
	Route    routeSetting   `toml:"route"`
	Executor *executor      `toml:"executor"`
	Static   *staticSetting `toml:"static_response"`
}

// executor says how the component is called.
type executor struct {
	Type       string  `toml:"type"`
	Argv       *string `toml:"argv"`
	Entrypoint string  `toml:"entrypoint"`
}

// routeSetting is a route, or a table which says that there is none.
type routeSetting struct {
	given   bool
	text    string
	table   bool
	private bool
}

// UnmarshalManifest takes either form of the key.
func (r *routeSetting) UnmarshalManifest(decode func(into any) error) error {
	r.given = true
	var table struct {
		Private bool `toml:"private"`
	}
	if decode(&r.text) == nil {
		return nil
	}
	if decode(&table) != nil {
		return errors.New(`must be a route, such as "/hello/...", or { private = true }`)
	}
	r.table, r.private = true, table.Private
	return nil
}

// decode reads and checks an entry. The error has all that is wrong with it.
func decode(e trigger.Entry) (*settings, error) {
	s := &settings{}
	if err := e.Decode(s); err != nil {
		return nil, err
	}
	var errs []error
	fault := func(key, format string, args ...any) { errs = append(errs, e.Errorf(key, format, args...)) }
	switch x := s.Executor; {
	case x == nil:
	case s.Static != nil:
		fault("executor", `a static response needs no executor: remove "executor"`)
	case x.Type == "wagi":
		if x.Entrypoint != "" && x.Entrypoint != "_start" {
			fault("executor", `"entrypoint" can only be "_start", not %q: remove it`, x.Entrypoint)
		}
	case x.Type != "http" && x.Type != "spin":
		fault("executor", `unknown executor %q: write "http" or "wagi", or remove "executor"`, x.Type)
	case x.Argv != nil || x.Entrypoint != "":
		fault("executor", `"argv" and "entrypoint" belong to the executor "wagi": remove them`)
	}
	switch {
	case s.Static != nil && e.Component != "":
		fault("static_response", `trigger %q has both "component" and "static_response": keep one of them`, e.ID)
	case s.Static == nil && e.Component == "":
		fault("", `trigger %q has neither "component" nor "static_response": add component = "..."`, e.ID)
	}
	switch r := s.Route; {
	case !r.given:
		fault("", `trigger %q has no route: add route = "/..."`, e.ID)
	case r.private && s.Static != nil:
		fault("route", `nobody could reach a static response by a private route: write a path, such as "/hello"`)
	case r.table && !r.private:
		fault("route", `{ private = false } is no route: write a path, such as "/%s", or { private = true }`, e.Component)
	}
	return s, errors.Join(errs...)
}

// argv returns the arguments of a program as configured; ok is false for other executors.
func (s *settings) argv() (argv string, ok bool) {
	if s.Executor == nil || s.Executor.Type != "wagi" {
		return "", false
	}
	if s.Executor.Argv != nil {
		return *s.Executor.Argv, true
	}
	return defaultArgv, true
}
