package http

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"sync"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// client sends the requests of one component's guests, of both versions.
type client struct {
	scope *hostapi.Scope

	mu     sync.Mutex
	denied map[string]bool // destinations whose denial was logged
}

// maxDenied bounds how many denials are logged for a component.
const maxDenied = 100

// target is where a request goes.
type target struct {
	scheme string
	host   string // with port, if it is not the scheme's own
}

// resolve decides where a request goes, and whether it may. It is the only place where this is
// decided. The error is an [ErrorCode].
func (c *client) resolve(ctx context.Context, h *head) (target, error) {
	if err := h.malformed(); err != nil {
		return target{}, err
	}
	if h.isSelf() {
		if err := c.allow(ctx, c.scope.Hosts.CheckSelf()); err != nil {
			return target{}, err
		}
		c.scope.Logger.LogAttrs(ctx, slog.LevelWarn, "request to the app itself cannot be sent: the app has no address of its own here",
			slog.String("component", c.scope.Name()))
		return target{}, p3http.ErrorCodeHTTPRequestURIInvalid()
	}
	scheme := cmp.Or(h.scheme, "https")
	// The destination that is checked is the one that is connected to.
	dest, err := capability.ParseAuthority(scheme, h.authority.Value)
	if err != nil {
		c.log(ctx, err.Error(), err)
		return target{}, p3http.ErrorCodeHTTPRequestDenied()
	}
	if err := c.allow(ctx, c.scope.Hosts.Check(dest)); err != nil {
		return target{}, err
	}
	if isChained(dest.Host()) {
		return target{}, Internal("requests to other components of the app, such as " + dest.Host() + ", are not supported yet")
	}
	return target{scheme, strings.TrimPrefix(dest.String(), scheme+"://")}, nil
}

// malformed returns the code for a request that cannot be sent anywhere.
func (h *head) malformed() error {
	switch {
	case h.scheme != "" && schemeCase(h.scheme) == schemeOther:
		return p3http.ErrorCodeHTTPProtocolError()
	case !h.authority.OK:
		return p3http.ErrorCodeHTTPRequestURIInvalid()
	}
	return nil
}

// isChained reports whether a host stands for a component of the app.
func isChained(host string) bool {
	label, ok := strings.CutSuffix(host, ".spin.internal")
	return ok && label != "" && !strings.Contains(label, ".")
}

// allow turns a denial into an error, and logs how the manifest would have to be changed.
func (c *client) allow(ctx context.Context, d capability.Decision) error {
	if d.Allowed() {
		return nil
	}
	err := d.Err()
	c.log(ctx, d.MissingEntry(), err)
	return p3http.ErrorCodeHTTPRequestDenied()
}

// log logs why a request is denied, once for each reason.
func (c *client) log(ctx context.Context, reason string, err error) {
	c.mu.Lock()
	known := c.denied[reason] || len(c.denied) >= maxDenied
	if !known {
		if c.denied == nil {
			c.denied = map[string]bool{}
		}
		c.denied[reason] = true
	}
	c.mu.Unlock()
	if !known {
		c.scope.Logger.LogAttrs(ctx, slog.LevelWarn, "outbound HTTP request denied: "+err.Error(), slog.String("component", c.scope.Name()))
	}
}
