package http

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	nethttp "net/http"
	"strings"
	"time"

	"github.com/spinhost/spin/trigger"
)

// Config configures the HTTP trigger. The zero value makes a Server that only answers as an
// http.Handler and does not listen.
type Config struct {
	// Listener is where Run accepts connections, and closes in the end. It may do TLS itself.
	Listener net.Listener
	// Addr is where Run listens if there is no Listener, such as "127.0.0.1:3000". Without
	// either Run only waits.
	Addr string
	// RequestTime bounds the time from a request until the head of its response; 0 means no
	// bound. A request that takes longer is answered with status 500, and its guest is asked
	// to give up.
	RequestTime time.Duration
	// HeaderTime bounds how long a client of Run may take to send a header section; 0 means one
	// minute. IdleTime bounds how long Run keeps a connection that is not used; 0 means three
	// minutes.
	HeaderTime, IdleTime time.Duration
	// DrainTime bounds how long Run, when its context has ended, waits for requests that are
	// being served; 0 means ten seconds.
	DrainTime time.Duration
	// Logger is told what goes wrong; nil means that of the app.
	Logger *slog.Logger
}

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
	// Component is the component that serves the route.
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
	app   string
	info  []byte // answer of the well-known path info
	table table
	log   *slog.Logger
}

func newServer(cfg Config, h trigger.Host, entries []trigger.Entry) (*Server, error) {
	s := &Server{cfg: cfg, app: h.App(), log: cfg.Logger}
	if s.log == nil {
		s.log = h.Logger()
	}
	s.info = appInfo(h)
	errs := checkSettings(h.Settings(), s.log)
	var list []*entry
	targets := map[string]*target{}
	for _, e := range entries {
		x, err := newEntry(e)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if x.target = targets[e.Component]; x.target == nil {
			if x.target, err = load(h, e); err != nil {
				errs = append(errs, err)
				continue
			}
			targets[e.Component] = x.target
		}
		if strings.HasPrefix("/"+strings.TrimPrefix(x.route.Raw, "/"), reservedPrefix) {
			s.log.Error(fmt.Sprintf("route %q is never reached: paths below %s are answered by the host", x.route.Raw, reservedPrefix), "trigger", e.ID)
		}
		list = append(list, x)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	s.table = newTable(list, func(old, by *entry) {
		s.log.Error(fmt.Sprintf("route %q is used by two triggers: the later one counts", by.route.Raw),
			"trigger", by.route.ID, "replaced", old.route.ID)
	})
	return s, nil
}

// newEntry reads the route of a manifest entry.
func newEntry(e trigger.Entry) (*entry, error) {
	raw, err := decode(e)
	if err != nil {
		return nil, err
	}
	p, err := parsePattern(raw)
	if err != nil {
		return nil, e.Errorf("route", "%w", err)
	}
	x := &entry{pattern: p, route: Route{ID: e.ID, Component: e.Component, Raw: raw, Wildcard: p.hasWildcard()}}
	path := normalized(raw)
	x.fixed = fixedFields(raw, path)
	x.names = paramFields(&p)
	if x.route.Wildcard {
		path = path[:strings.LastIndexByte(path, '/')]
	}
	x.route.Path = cmp.Or(path, "/")
	return x, nil
}

// load loads the component of an entry.
func load(h trigger.Host, e trigger.Entry) (*target, error) {
	c, err := h.Component(e.Component)
	if err != nil {
		return nil, err
	}
	t, err := newTarget(c)
	if err != nil {
		return nil, e.Errorf("component", "%w", err)
	}
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
	_ nethttp.Handler = (*Server)(nil)
)
