package outbound

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/spinhost/spin/capability"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/localhttp"
)

// ErrLoop says that requests within an app lie too deep within one another.
var ErrLoop = errors.New("requests within the app lie too deep in one another")

// Local sends requests to the app itself and to its components without a socket, and all others
// by Next. It is an http.RoundTripper, safe for concurrent use.
type Local struct {
	// Handler finds what answers requests to a component, by its name as a host, or to the app
	// itself for "". The error, if nothing does, is what the guest gets.
	Handler func(component string) (http.Handler, error)
	// Panicked is told with what a handler has panicked.
	Panicked func(ctx context.Context, value any)
	// MaxDepth bounds how deep requests lie within one another.
	MaxDepth int
	Next     http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (l *Local) RoundTrip(req *http.Request) (*http.Response, error) {
	dest, err := capability.ParseAuthority("http", req.URL.Host)
	if err != nil {
		return l.Next.RoundTrip(req)
	}
	id, chained := dest.Component()
	if !chained && dest.Host() != capability.SelfHost {
		return l.Next.RoundTrip(req)
	}
	h, err := l.Handler(id)
	ctx := deeper(req.Context())
	if err == nil && Depth(ctx) > l.MaxDepth {
		err = fmt.Errorf("%w than %d (Limits.LocalDepth): %w", ErrLoop, l.MaxDepth, p3http.ErrorCodeLoopDetected())
	}
	if err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	t := &localhttp.Transport{Handler: h, RemoteAddr: localhttp.PeerAddr, Panicked: l.Panicked}
	if id == "" {
		t.RemoteAddr = localhttp.SelfAddr
	}
	in := req.WithContext(ctx)
	in.Host = localhttp.Host
	return t.RoundTrip(in)
}

// depthKey is the key of how many requests within the app lie around the work of a context.
type depthKey struct{}

// Depth returns how many requests within the app lie around the work of a context.
func Depth(ctx context.Context) int {
	n, _ := ctx.Value(depthKey{}).(int)
	return n
}

func deeper(ctx context.Context) context.Context {
	return context.WithValue(ctx, depthKey{}, Depth(ctx)+1)
}
