package spin

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/internal/told"
)

// resolveHosts fills variables into the component's allowed hosts, with their values of now. An
// entry whose variable has no value allows nothing; what it comes to must be a destination.
func (c *component) resolveHosts(ctx context.Context) error {
	c.hosts = c.m.AllowedOutboundHosts
	if !c.hosts.Templated() || c.a.variables == nil { // else the fault of the variables is told
		return nil
	}
	t := &templatedHosts{c: c, list: c.hosts}
	hosts, faults := t.resolve(ctx)
	var errs []error
	for _, f := range faults {
		if errors.Is(f, capability.ErrUnresolved) {
			t.tell(f)
			continue
		}
		errs = append(errs, &Error{c.m.ID, f.Entry.Pos, fault.Reword(f, "allowed_outbound_hosts: "+f.Detail())})
	}
	c.hosts, c.templated = hosts, t
	return errors.Join(errs...)
}

// templatedHosts are allowed hosts with variables, whose values may be others for each instance. It
// is safe for concurrent use.
type templatedHosts struct {
	c    *component
	list *capability.Hosts // with templates

	told told.Reasons

	mu     sync.Mutex
	values []string          // of the variables, when hosts was made of them
	hosts  *capability.Hosts // nil if there is none yet
}

// now returns the hosts with the values that variables have now. What has none, or no destination as
// its value, allows nothing.
func (t *templatedHosts) now(ctx context.Context) (*capability.Hosts, error) {
	hosts, faults := t.resolve(ctx)
	if ctx.Err() != nil { // which may be all that is wrong
		return nil, context.Cause(ctx)
	}
	for _, f := range faults {
		t.tell(f)
	}
	return hosts, nil
}

// resolve asks for the values, and makes hosts of them if they are others than before.
func (t *templatedHosts) resolve(ctx context.Context) (*capability.Hosts, capability.EntryErrors) {
	names := t.list.Names()
	values := make([]string, len(names))
	fails := make([]error, len(names))
	lookup := t.c.a.variables.Lookup(ctx)
	for i, name := range names {
		values[i], fails[i] = lookup(name)
	}
	if err := errors.Join(fails...); err == nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		if t.hosts != nil && slices.Equal(values, t.values) {
			return t.hosts, nil
		}
	}
	hosts, err := t.list.Resolve(func(name string) (string, error) {
		i := slices.Index(names, name)
		return values[i], fails[i]
	}, t.c.a.variables.Secrets()...)
	var faults capability.EntryErrors
	if err == nil { // hence no value has failed, and t is locked
		t.hosts, t.values = hosts, values
	} else {
		errors.As(err, &faults)
	}
	return hosts, faults
}

// tell logs a fault once.
func (t *templatedHosts) tell(f *capability.EntryError) {
	if t.told.First(f.Error()) {
		t.c.a.log.Warn("allowed_outbound_hosts", "component", t.c.m.ID, "error", f)
	}
}

// keep has the hosts hold for an instance.
func (t *templatedHosts) keep(l *abi.Locals, hosts *capability.Hosts) {
	l.Get(t, func() any { return hosts })
}

// of is hostapi.Scope.InstanceHosts. An instance that is still being made has the hosts as they were
// when the app was loaded.
func (t *templatedHosts) of(ctx context.Context) *capability.Hosts {
	if l, ok := abi.LocalsOf(ctx); ok {
		if h, ok := l.Lookup(t).(*capability.Hosts); ok {
			return h
		}
	}
	return t.c.hosts
}
