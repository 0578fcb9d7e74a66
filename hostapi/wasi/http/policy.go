package http

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/told"
)

// client sends the requests of one component's guests, of both versions.
type client struct {
	scope  *hostapi.Scope
	logged told.Reasons
}

// target is where a request goes.
type target struct {
	scheme string
	host   string // with port, if it is not the scheme's own
	local  bool   // the app itself, or a component of it
}

// resolve decides where a request goes, and whether it may. It is the only place where this is
// decided. The error is an [ErrorCode].
func (c *client) resolve(ctx context.Context, h *head) (target, error) {
	if err := h.malformed(); err != nil {
		return target{}, err
	}
	if len(h.authority.Value)+len(h.path) > maxTarget {
		return target{}, p3http.ErrorCodeHTTPRequestURITooLong()
	}
	if h.isSelf() {
		if err := c.allow(ctx, c.scope.AllowedHosts(ctx).CheckSelf()); err != nil {
			return target{}, err
		}
		return target{"http", capability.SelfHost, true}, nil
	}
	scheme := cmp.Or(h.scheme, "https")
	// The destination that is checked is the one that is connected to.
	dest, err := capability.ParseAuthority(scheme, h.authority.Value)
	if err != nil {
		c.log(ctx, err.Error(), fmt.Errorf("denied: %w", err))
		return target{}, p3http.ErrorCodeHTTPRequestDenied()
	}
	if err := c.allow(ctx, c.scope.AllowedHosts(ctx).Check(dest)); err != nil {
		return target{}, err
	}
	if _, ok := dest.Component(); ok { // whatever scheme and port: there is no connection
		return target{"http", dest.Host(), true}, nil
	}
	return target{scheme, strings.TrimPrefix(dest.String(), scheme+"://"), false}, nil
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

// allow turns a denial into an error, and logs how the manifest would have to be changed.
func (c *client) allow(ctx context.Context, d capability.Decision) error {
	if d.Allowed() {
		return nil
	}
	err := d.Err()
	c.log(ctx, d.MissingEntry(), fmt.Errorf("denied: %w", err))
	return p3http.ErrorCodeHTTPRequestDenied()
}

// log logs why a request is not sent, once for each reason.
func (c *client) log(ctx context.Context, reason string, err error) {
	if c.logged.First(reason) {
		c.scope.Logger.LogAttrs(ctx, slog.LevelWarn, "outbound HTTP request "+err.Error(), slog.String("component", c.scope.Name()))
	}
}
