package spin

import (
	"context"
	"errors"

	"github.com/spinhost/spin/capability"
)

// resolveHosts fills variables into the component's allowed hosts, with their values of now. An
// entry whose variable has no value allows nothing; what it comes to must be a destination.
func (c *component) resolveHosts(ctx context.Context) error {
	c.hosts = c.m.AllowedOutboundHosts
	if !c.hosts.Templated() || c.a.variables == nil { // else the fault of the variables is told
		return nil
	}
	var err error
	c.hosts, err = c.hosts.Resolve(c.a.variables.Lookup(ctx), c.a.variables.Secrets()...)
	var faults capability.EntryErrors
	errors.As(err, &faults)
	var errs []error
	for _, f := range faults {
		if errors.Is(f, capability.ErrUnresolved) {
			c.a.log.Warn("allowed_outbound_hosts", "component", c.m.ID, "error", f)
			continue
		}
		errs = append(errs, &Error{c.m.ID, f.Entry.Pos, &reworded{"allowed_outbound_hosts: " + f.Detail(), f}})
	}
	return errors.Join(errs...)
}
