package spin

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/internal/bundle"
	"github.com/spinhost/spin/internal/composition"
	"github.com/spinhost/spin/internal/coremodules"
	"github.com/spinhost/spin/internal/outbound"
	"github.com/spinhost/spin/internal/output"
	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/trigger"
)

// App is a loaded Spin application. It is an http.Handler, and safe for concurrent use. Who
// loads an app closes it.
type App struct {
	cfg     Config
	rt      *Runtime
	bundle  *bundle.Bundle
	m       *manifest.Manifest
	log     *slog.Logger
	runners []trigger.Runner
	stores  *keyvalue.Stores
	network *outbound.Network
	// configured opens the key-value stores of the runtime configuration.
	configured map[string]func(context.Context) (keyvalue.Store, error)
	sqlite     *sqlite.Databases
	mounts     map[string][]filesystem.Mount // by component
	output     *output.Output

	variables *variables.Resolver

	modules *engine.Modules
	linking *composition.Host

	life context.Context // of the app: ends with Close, and with the context of Load until that returns
	end  context.CancelCauseFunc

	usage   capability.Usage // of host interfaces that carry a capability
	decoded sync.Map         // of *decoding, by wanted
	running atomic.Bool
	closed  atomic.Bool   // set with mu locked
	done    chan struct{} // closed when Close is over

	mu         sync.Mutex
	components map[string]*component
	variant    map[string]variant                // by the ids by which triggers ask for them; set by Load alone
	entryID    map[*manifest.TriggerEntry]string // the ids of entries that have a variant
	closers    []func()
	loading    context.Context // of Load, until that returns
}

func newApp(ctx context.Context, cfg *Config) (*App, error) {
	a := &App{components: map[string]*component{}, variant: map[string]variant{}, entryID: map[*manifest.TriggerEntry]string{}, done: make(chan struct{}), loading: ctx}
	a.cfg = withDefaults(cfg)
	c := &a.cfg
	if a.rt = c.Runtime; a.rt == nil {
		rt, err := DefaultRuntime()
		if err != nil {
			return nil, err
		}
		a.rt = rt
	}
	if a.rt.closed.Load() {
		return nil, errRuntimeClosed
	}
	if a.log = c.Logger; a.log == nil {
		a.log = slog.New(slog.DiscardHandler)
	}
	if c.RuntimeTypes.empty() {
		c.RuntimeTypes = DefaultRuntimeTypes(nil)
	}
	a.bundle = newBundle(c)
	a.closers = append(a.closers, a.bundle.Close)
	a.modules = coremodules.Known()
	a.linking = &composition.Host{Runtime: a.rt.e, APIs: c.HostAPIs, Usage: &a.usage, Logger: a.log}
	a.life, a.end = context.WithCancelCause(context.WithoutCancel(ctx))
	return a, nil
}

// Name returns the app's name.
func (a *App) Name() string { return a.m.Application.Name }

// ServeHTTP answers a request by the app's HTTP trigger. What no guest answers gets an empty
// body: 404 if no route matches, 500 if the guest fails, 503 if there is no room for another
// instance or the app was closed. Why is told to Config.Logger, not to the client.
func (a *App) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if a.closed.Load() {
		empty(w, http.StatusServiceUnavailable)
		return
	}
	for _, x := range a.runners {
		if h, ok := x.(http.Handler); ok {
			h.ServeHTTP(w, r)
			return
		}
	}
	empty(w, http.StatusNotFound)
}

// empty answers without a body.
func empty(w http.ResponseWriter, code int) {
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(code)
}

// Run serves all triggers of the app until ctx ends, one of them fails, or the app is closed.
// Those that have nothing of their own to serve, such as an HTTP trigger without an address,
// only wait. Run can be called once.
func (a *App) Run(ctx context.Context) error {
	if a.running.Swap(true) {
		return errors.New("the app runs already, or has run: load it again")
	}
	if a.closed.Load() {
		return ErrClosed
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	defer context.AfterFunc(a.life, stop)()
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
