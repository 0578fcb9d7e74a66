package spin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spinhost/spin/capability"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/localhttp"
	"github.com/spinhost/spin/trigger"
)

// Addresses of those who send requests without a socket, as guests see them.
const (
	selfAddr  = "127.0.0.1:0"
	localAddr = "0.0.0.0:0"
	localHost = "localhost"
)

// LocalError says that a component has sent a request to the app itself, or to a component, that
// nothing in the app answers. It wraps the code that the guest gets.
type LocalError struct {
	// Component is who the request was for; "" for the app itself.
	Component string
	// Pos is the place of the component in the manifest; zero if the app has none of this id.
	Pos  capability.Position
	code error
}

// Error says what is missing.
func (e *LocalError) Error() string {
	switch {
	case e.Component == "":
		return "the app has no HTTP trigger that could answer requests to itself"
	case e.Pos == (capability.Position{}):
		return fmt.Sprintf("the app has no component %q", e.Component)
	}
	return fmt.Sprintf("component %q (%s) has no HTTP trigger: add [[trigger.http]] with component = %q and route = { private = true }", e.Component, e.Pos, e.Component)
}

// Unwrap returns the code of wasi:http that the guest gets.
func (e *LocalError) Unwrap() error { return e.code }

// ErrLoop says that requests which components send to the app itself, or to each other, lie too
// deep within one another: see Limits.LocalDepth.
var ErrLoop = errors.New("requests within the app lie too deep in one another")

// local sends requests to the app itself and to its components without a socket, and all others
// by next.
type local struct {
	a    *App
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (l *local) RoundTrip(req *http.Request) (*http.Response, error) {
	dest, err := capability.ParseAuthority("http", req.URL.Host)
	if err != nil {
		return l.next.RoundTrip(req)
	}
	id, chained := dest.Component()
	if !chained && dest.Host() != capability.SelfHost {
		return l.next.RoundTrip(req)
	}
	t := &localhttp.Transport{Handler: l.a.handlerOf(id), RemoteAddr: localAddr, Panicked: l.a.panicked}
	ctx := deeper(req.Context())
	switch limit := orDefault(l.a.cfg.Limits.LocalDepth, defaultLocalDepth); {
	case t.Handler == nil:
		err = l.a.localError(id)
	case depth(ctx) > limit:
		err = fmt.Errorf("%w than %d (Limits.LocalDepth): %w", ErrLoop, limit, p3http.ErrorCodeLoopDetected())
	}
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	if id == "" {
		t.RemoteAddr = selfAddr
	}
	in := req.WithContext(ctx)
	in.Host = localHost
	return t.RoundTrip(in)
}

// handlerOf finds what answers requests to a component, or to the app itself if there is no id;
// nil if nothing does.
func (a *App) handlerOf(id string) http.Handler {
	for _, r := range a.runners {
		if id == "" {
			if h, ok := r.(http.Handler); ok {
				return h
			}
		} else if l, ok := r.(trigger.Local); ok {
			if h := l.Local(a.componentNamed(id)); h != nil {
				return h
			}
		}
	}
	return nil
}

// componentNamed finds the id of a component that a host in lower case stands for.
func (a *App) componentNamed(host string) string {
	id := host
	for _, c := range a.m.Components {
		switch {
		case c.ID == host:
			return host
		case strings.EqualFold(c.ID, host):
			id = c.ID
		}
	}
	return id
}

func (a *App) localError(id string) error {
	if id == "" {
		return &LocalError{code: p3http.ErrorCodeHTTPRequestURIInvalid()}
	}
	id = a.componentNamed(id)
	e := &LocalError{Component: id, code: p3http.ErrorCodeDestinationNotFound()}
	if c, ok := a.m.Component(id); ok {
		e.Pos = c.Pos
	}
	return e
}

// panicked logs that what answers requests has panicked.
func (a *App) panicked(ctx context.Context, v any) {
	a.log.ErrorContext(ctx, fmt.Sprintf("request within the app: panic: %v", v))
}
