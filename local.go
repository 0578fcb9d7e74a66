package spin

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/spinhost/spin/capability"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/outbound"
	"github.com/spinhost/spin/trigger"
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
var ErrLoop = outbound.ErrLoop

// handlerOf finds what answers requests to a component, or to the app itself if there is no id.
func (a *App) handlerOf(id string) (http.Handler, error) {
	for _, r := range a.runners {
		if id == "" {
			if h, ok := r.(http.Handler); ok {
				return h, nil
			}
		} else if l, ok := r.(trigger.Local); ok {
			if h := l.Local(a.componentNamed(id)); h != nil {
				return h, nil
			}
		}
	}
	return nil, a.localError(id)
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

// withRoomTime bounds for how long a request within the app waits for an instance. Who has sent
// it has one: if all that there is room for wait for further ones, none would ever become free.
func (l Limits) withRoomTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if outbound.Depth(ctx) == 0 {
		return ctx, func() {}
	}
	t := orDefault(l.LocalRoomTime, defaultLocalRoom)
	return context.WithTimeoutCause(ctx, t, fmt.Errorf("%w: a request within the app has waited for %v (Limits.LocalRoomTime), and who has sent it takes room too", trigger.ErrBusy, t))
}
