package spin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"sync"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// App is a loaded Spin application. It is an http.Handler, and safe for concurrent use.
type App struct {
	cfg     Config
	rt      *Runtime
	files   files
	m       *manifest.Manifest
	log     *slog.Logger
	runners []trigger.Runner
	closers []func()

	mu         sync.Mutex
	components map[string]*component
	closed     bool
}

func newApp(cfg *Config) (*App, error) {
	a := &App{components: map[string]*component{}}
	if cfg != nil {
		a.cfg = *cfg
	}
	c := &a.cfg
	if a.rt = c.Runtime; a.rt == nil {
		rt, err := DefaultRuntime()
		if err != nil {
			return nil, err
		}
		a.rt = rt
	}
	if a.log = c.Logger; a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if len(c.HostAPIs.Interfaces()) == 0 {
		c.HostAPIs = DefaultHostAPIs()
	}
	if len(c.Triggers.Kinds()) == 0 {
		c.Triggers = defaultTriggers(c.Limits)
	}
	if c.HTTP == nil {
		t := newTransport()
		c.HTTP = t
		a.closers = append(a.closers, t.CloseIdleConnections)
	}
	a.files.fsys = c.FS
	return a, nil
}

// Name returns the app's name.
func (a *App) Name() string { return a.m.Application.Name }

// ServeHTTP answers a request by the app's HTTP trigger.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	for _, x := range a.runners {
		if h, ok := x.(http.Handler); ok {
			h.ServeHTTP(w, r)
			return
		}
	}
	http.NotFound(w, r)
}

// Run serves all triggers of the app until ctx ends, or one of them fails. Those that have
// nothing of their own to serve, such as an HTTP trigger without an address, only wait.
func (a *App) Run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	errs := make(chan error, len(a.runners))
	for _, r := range a.runners {
		go func() { errs <- r.Run(ctx) }()
	}
	var all []error
	for range a.runners {
		if err := <-errs; err != nil {
			all = append(all, err)
			stop()
		}
	}
	return errors.Join(all...)
}

// Close takes no more requests, waits for those that run, within ctx, and frees what the app
// holds. When ctx ends first it ends the guests that still run and returns why. Closing twice
// is harmless.
func (a *App) Close(ctx context.Context) error {
	a.mu.Lock()
	if a.closed {
		a.mu.Unlock()
		return nil
	}
	a.closed = true
	var list []*component
	for _, c := range a.components {
		list = append(list, c)
	}
	a.mu.Unlock()
	var errs []error
	for _, c := range list {
		errs = append(errs, c.close(ctx))
	}
	for _, f := range a.closers {
		f()
	}
	return errors.Join(errs...)
}

// StandIns lists the host interfaces that the app's components import and that are known but
// not provided: a guest that calls one traps. Sorted by name.
func (a *App) StandIns() []string {
	var ids []string
	for _, c := range a.loaded() {
		ids = append(ids, c.standIns...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (a *App) loaded() []*component {
	a.mu.Lock()
	defer a.mu.Unlock()
	var list []*component
	for _, c := range a.components {
		if c.err == nil {
			list = append(list, c)
		}
	}
	return list
}

// Stats are counts of what is live in an app. All are zero when nothing runs.
type Stats struct {
	Instances int // guests
	Fibers    int // stacks of guests
	Handles   int // what guests hold of resources, streams and tasks
	HostCalls int // host functions in progress on goroutines
}

// Stats returns what is live now.
func (a *App) Stats() Stats {
	var s Stats
	for _, c := range a.loaded() {
		x := c.program.Stats()
		s.Instances += x.Instances
		s.Fibers += x.Fibers
		s.Handles += x.Handles
		s.HostCalls += x.HostCalls
	}
	return s
}
