package http

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"hash/maphash"
	"log/slog"
	nethttp "net/http"
	"strings"

	"github.com/spinhost/spin/trigger"
)

// Trigger returns the trigger of kind "http".
func Trigger(cfg Config) trigger.Trigger { return httpTrigger{cfg} }

type httpTrigger struct{ cfg Config }

// Kind implements trigger.Trigger.
func (httpTrigger) Kind() string { return "http" }

// Around implements trigger.Composer.
func (httpTrigger) Around(role string) string {
	if role == "middleware" {
		return handlerName
	}
	return ""
}

// Load implements trigger.Trigger. The Runner is a *Server.
func (t httpTrigger) Load(_ context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	return newServer(t.cfg, h, entries)
}

// Route is one route of a Server.
type Route struct {
	// ID is that of the entry in the manifest.
	ID string
	// Component is the component that serves the route; "" if a static response does.
	Component string
	// Raw is the route as it stands in the manifest.
	Raw string
	// Path is the route with a slash before it, without one after it, and without wildcard;
	// "/" for the root.
	Path string
	// Wildcard says that the route also takes all paths below Path.
	Wildcard bool
}

// Server is a loaded HTTP trigger: an http.Handler for the routes of an app, and what listens
// for them. It is safe for concurrent use.
type Server struct {
	cfg   Config
	tls   *tls.Config // nil if Run does none
	app   string
	info  []byte // answer of the well-known path info
	table table
	local map[string]*entry // by component: what serves requests of other components

	targets map[loaded]*target
	log     *slog.Logger
	crowd   crowd
}

// loaded is a component as entries call it.
type loaded struct {
	component string
	program   bool
}

func newServer(cfg Config, h trigger.Host, entries []trigger.Entry) (*Server, error) {
	s := &Server{cfg: cfg, app: h.App(), log: cfg.Logger, local: map[string]*entry{}, targets: map[loaded]*target{}, crowd: crowd{seed: maphash.MakeSeed()}}
	if s.log == nil {
		s.log = h.Logger()
	}
	s.info = appInfo(h)
	errs := checkSettings(h.Settings(), s.log)
	var err error
	if s.tls, err = cfg.tls(); err != nil {
		errs = append(errs, err)
	}
	var list []*entry
	for _, e := range entries {
		x, err := s.newEntry(h, e)
		if err != nil {
			errs = append(errs, err)
		} else if x != nil {
			list = append(list, x)
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	s.table = newTable(list, s.reportReplaced)
	s.table.hidden(s.reportHidden)
	return s, nil
}

// newEntry reads a manifest entry and loads what it names. It returns nil for a private route,
// which no path leads to.
func (s *Server) newEntry(h trigger.Host, e trigger.Entry) (*entry, error) {
	set, err := decode(e)
	if err != nil {
		return nil, err
	}
	var x *entry
	if !set.Route.private {
		if x, err = publicEntry(e, set.Route.text); err != nil {
			return nil, err
		}
		s.reportReserved(x)
	}
	if set.Static != nil {
		for _, f := range set.Static.unknown {
			s.log.Warn(f.Error(), "trigger", e.ID)
		}
		if x.static, err = newStatic(set.Static); err != nil {
			return nil, eachAt(e, "static_response", err)
		}
		return x, nil
	}
	argv, program := set.argv()
	if program {
		s.log.Warn(e.Errorf("executor", `the executor "wagi" is deprecated: build the component for wasi:http`).Error(), "trigger", e.ID)
	}
	t, err := s.load(h, e, program)
	if err != nil {
		return nil, err
	}
	if s.local[e.Component] == nil {
		s.local[e.Component] = localEntry(e.Component, t, argv)
	}
	if x != nil {
		x.target, x.argv = t, argv
	}
	return x, nil
}

// eachAt places errors that were joined at a key of an entry.
func eachAt(e trigger.Entry, key string, err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return e.Errorf(key, "%w", err)
	}
	var errs []error
	for _, one := range joined.Unwrap() {
		errs = append(errs, e.Errorf(key, "%w", one))
	}
	return errors.Join(errs...)
}

// publicEntry makes an entry of the table.
func publicEntry(e trigger.Entry, raw string) (*entry, error) {
	p, err := parsePattern(raw)
	if err != nil {
		return nil, e.Errorf("route", "%w", err)
	}
	x := &entry{pattern: p, errorf: e.Errorf, route: Route{ID: e.ID, Component: e.Component, Raw: raw, Wildcard: p.hasWildcard()}}
	path := normalized(raw)
	x.fixed = fixedFields(raw, path)
	x.names = paramFields(&p)
	if x.route.Wildcard {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	x.route.Path = cmp.Or(path, "/")
	return x, nil
}

// load loads the component of an entry, once for all entries that name it and call it in the
// same way.
func (s *Server) load(h trigger.Host, e trigger.Entry, program bool) (*target, error) {
	make, key := newTarget, loaded{e.Component, program}
	if program {
		make = newCommand
	}
	if t := s.targets[key]; t != nil {
		return t, nil
	}
	c, err := h.Component(e.Component)
	if err != nil {
		return nil, err
	}
	t, err := make(c)
	if err != nil {
		return nil, e.Errorf("component", "%w", err)
	}
	s.targets[key] = t
	return t, nil
}

// Routes lists the routes in order of precedence: the first that matches a path serves it.
func (s *Server) Routes() []Route {
	list := make([]Route, len(s.table.entries))
	for i, e := range s.table.entries {
		list[i] = e.route
	}
	return list
}

var (
	_ trigger.Runner  = (*Server)(nil)
	_ trigger.Local   = (*Server)(nil)
	_ nethttp.Handler = (*Server)(nil)
)
