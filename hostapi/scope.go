package hostapi

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/spinhost/spin/capability"
)

// Scope says for whom an interface is bound: one component of one app, or one dependency
// inside it, with the configuration that the manifest and the embedder give it. It is shared
// by all instances of the component and must not be changed.
type Scope struct {
	App       string
	Component string
	// Path names the dependencies from the component inwards; empty for the component itself.
	Path []string

	// Environment is what wasi:cli/environment returns, in order.
	Environment []EnvVar
	// Stdout and Stderr take what the guest prints. They are called from several goroutines
	// at once, with whole writes of the guest.
	Stdout, Stderr io.Writer

	// Hosts are the outbound destinations that the component may reach, with the values that
	// variables in them had when the app was loaded. Ask AllowedHosts for each call.
	Hosts *capability.Hosts
	// InstanceHosts returns them with the values that hold for the instance that has made the call
	// of ctx; nil if they are the same for all instances.
	InstanceHosts func(ctx context.Context) *capability.Hosts
	// Blocked are networks that no component reaches, whatever Hosts allow: to be asked about
	// every address that is connected to, after names were resolved. See [NewDialer].
	Blocked capability.Networks
	// HTTP sends outbound HTTP requests that Hosts allows. Those to the app itself have the host
	// self.alt, those to its components names such as cart.spin.internal, both with the scheme
	// http: they are for it to serve without a socket.
	HTTP http.RoundTripper

	// Logger is for events that concern the component; never nil.
	Logger *slog.Logger

	values map[any]any
}

// AllowedHosts returns the outbound destinations that the instance may reach which has made the call
// of ctx.
func (s *Scope) AllowedHosts(ctx context.Context) *capability.Hosts {
	if s.InstanceHosts != nil {
		return s.InstanceHosts(ctx)
	}
	return s.Hosts
}

// Set keeps a value for interfaces that need configuration of their own, under a key of a type
// that no other package has. It must be called before any interface is bound.
func (s *Scope) Set(key, value any) {
	if s.values == nil {
		s.values = map[any]any{}
	}
	s.values[key] = value
}

// Value returns what was kept under a key; nil if nothing was.
func (s *Scope) Value(key any) any { return s.values[key] }

// EnvVar is one environment variable.
type EnvVar struct{ Name, Value string }

// Name returns the component's id with the path of the dependency, for messages.
func (s *Scope) Name() string {
	return strings.Join(append([]string{s.Component}, s.Path...), "/")
}
