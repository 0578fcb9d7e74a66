package outbound

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/told"
)

// Hosts are the destinations that a component may reach. Where there are variables in them they may
// be others for each instance: they are those of when it was made. It is safe for concurrent use.
type Hosts struct {
	first     *capability.Hosts // with the values that variables had when the app was loaded
	templates *capability.Hosts // nil if there are no variables in them
	variables *variables.Resolver
	log       *slog.Logger
	told      told.Reasons

	mu     sync.Mutex
	values []string          // of the variables, when last was made of them
	last   *capability.Hosts // nil if there is none yet
}

// NewHosts fills variables into the hosts that a manifest allows, with their values of now. An
// entry whose variable has no value allows nothing, which log is told; what a value comes to must
// be a destination, or it is a [*fault.Error]. Without vars, hosts are as they are.
func NewHosts(ctx context.Context, list *capability.Hosts, vars *variables.Resolver, log *slog.Logger) (*Hosts, error) {
	h := &Hosts{first: list, variables: vars, log: log}
	if !list.Templated() || vars == nil {
		return h, nil
	}
	h.templates = list
	var faults capability.EntryErrors
	h.first, faults = h.resolve(ctx)
	var errs []error
	for _, f := range faults {
		if errors.Is(f, capability.ErrUnresolved) {
			h.tell(f)
			continue
		}
		errs = append(errs, fault.At(f.Entry.Pos, fault.Reword(f, "allowed_outbound_hosts: "+f.Detail())))
	}
	return h, errors.Join(errs...)
}

// Provide has host interfaces ask for the hosts of the instance that calls them.
func (h *Hosts) Provide(s *hostapi.Scope) {
	s.Hosts = h.first
	if h.templates != nil {
		s.InstanceHosts = h.of
	}
}

// Now returns the hosts with the values that variables have now, for [Hosts.Keep]. What has none, or
// no destination as its value, allows nothing.
func (h *Hosts) Now(ctx context.Context) (*capability.Hosts, error) {
	if h.templates == nil {
		return h.first, nil
	}
	hosts, faults := h.resolve(ctx)
	if ctx.Err() != nil { // which may be all that is wrong
		return nil, context.Cause(ctx)
	}
	for _, f := range faults {
		h.tell(f)
	}
	return hosts, nil
}

// Keep has hosts hold for an instance.
func (h *Hosts) Keep(l *abi.Locals, hosts *capability.Hosts) {
	if h.templates != nil {
		l.Get(h, func() any { return hosts })
	}
}

// of is hostapi.Scope.InstanceHosts. An instance that is still being made has the hosts as they were
// when the app was loaded.
func (h *Hosts) of(ctx context.Context) *capability.Hosts {
	if l, ok := abi.LocalsOf(ctx); ok {
		if hosts, ok := l.Lookup(h).(*capability.Hosts); ok {
			return hosts
		}
	}
	return h.first
}

// resolve asks for the values, and makes hosts of them if they are others than before.
func (h *Hosts) resolve(ctx context.Context) (*capability.Hosts, capability.EntryErrors) {
	names := h.templates.Names()
	values := make([]string, len(names))
	fails := make([]error, len(names))
	lookup := h.variables.Lookup(ctx)
	for i, name := range names {
		values[i], fails[i] = lookup(name)
	}
	if err := errors.Join(fails...); err == nil {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.last != nil && slices.Equal(values, h.values) {
			return h.last, nil
		}
	}
	hosts, err := h.templates.Resolve(func(name string) (string, error) {
		i := slices.Index(names, name)
		return values[i], fails[i]
	}, h.variables.Secrets()...)
	var faults capability.EntryErrors
	if err == nil { // hence no value has failed, and h is locked
		h.last, h.values = hosts, values
	} else {
		errors.As(err, &faults)
	}
	return hosts, faults
}

// tell logs a fault once.
func (h *Hosts) tell(f *capability.EntryError) {
	if h.told.First(f.Error()) {
		h.log.Warn("allowed_outbound_hosts", "error", f)
	}
}
