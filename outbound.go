package spin

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/permit"
)

// network is what sends the outbound requests of an app's guests. Connections are shared by all
// components that connect in the same way: those with a certificate of one's own, or with roots
// of their own, are never used for anybody else.
type network struct {
	usual   *http.Transport
	special []*http.Transport // for each of Config.ClientTLS
	permits permit.Of
}

// openHTTP sets up what sends the outbound requests of guests, once it is known which networks
// are blocked.
func (a *App) openHTTP() error {
	if err := a.clientTLS(); err != nil {
		return err
	}
	a.connections = permit.New(bound(a.cfg.Limits.Connections))
	if a.cfg.HTTP != nil {
		return nil
	}
	n := &network{permits: permit.Of{Own: permit.New(bound(a.cfg.Limits.HTTPConnections)), Total: a.connections}}
	n.usual = n.transport(&a.cfg)
	for _, t := range a.cfg.ClientTLS {
		special := n.transport(&a.cfg)
		special.TLSClientConfig = t.Config.Clone()
		n.special = append(n.special, special)
	}
	a.network = n
	a.closers = append(a.closers, n.closeIdle)
	return nil
}

func newTransport(blocked capability.Networks) *http.Transport { return wasihttp.NewTransport(blocked) }

// transport makes one that keeps to the limits.
func (n *network) transport(c *Config) *http.Transport {
	t := newTransport(c.BlockNetworks)
	t.DisableKeepAlives = c.NoConnectionPooling
	dial := t.DialContext
	t.DialContext = func(ctx context.Context, netw, address string) (net.Conn, error) {
		release, err := n.acquire(ctx)
		if err != nil {
			return nil, err
		}
		conn, err := dial(ctx, netw, address)
		if err != nil {
			release()
			return nil, err
		}
		return &permitted{conn, release}, nil
	}
	return t
}

// permitted is a connection that gives its permit back when it is closed.
type permitted struct {
	net.Conn
	release func()
}

func (c *permitted) Close() error {
	c.release()
	return c.Conn.Close()
}

// closeIdle closes connections that nobody uses.
func (n *network) closeIdle() {
	n.usual.CloseIdleConnections()
	for _, t := range n.special {
		t.CloseIdleConnections()
	}
}

// idleCheck is how often connections that nobody uses are looked for while somebody waits for a
// permit.
const idleCheck = 20 * time.Millisecond

// acquire waits for a permit to connect. Connections that are kept for later make room.
func (n *network) acquire(ctx context.Context) (func(), error) {
	if release, ok := n.permits.Try(); ok {
		return release, nil
	}
	if request, ok := ctx.Value(requestKey{}).(context.Context); ok {
		ctx = request // net/http goes on connecting when the request has been given up
	}
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			n.closeIdle()
			select {
			case <-stop:
				return
			case <-time.After(idleCheck):
			}
		}
	}()
	release, err := n.permits.Acquire(ctx)
	close(stop)
	<-over
	if err == permit.ErrNone {
		err = fmt.Errorf("%w: %w", err, p3http.ErrorCodeConnectionLimitReached())
	}
	return release, err
}

// requestKey is the key of the context of a request in the contexts that net/http makes of it.
type requestKey struct{}

// sender sends the requests of one component.
type sender struct {
	a  *App
	id string
}

// RoundTrip implements http.RoundTripper.
func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	n := s.a.network
	t := n.usual
	if req.URL.Scheme == "https" {
		if i := s.a.tlsFor(s.id, req.URL.Hostname()); i >= 0 {
			t = n.special[i]
		}
	}
	ctx := req.Context()
	return t.RoundTrip(req.WithContext(context.WithValue(ctx, requestKey{}, ctx)))
}

// Origin says whose request it is: a component's, or that of a dependency inside it.
type Origin struct {
	App, Component string
	// Path names the dependencies from the component inwards; empty for the component itself.
	Path []string
}

// httpFor returns what sends the requests of a component, or of a dependency inside it.
func (a *App) httpFor(from Origin) http.RoundTripper {
	var next http.RoundTripper = &sender{a, from.Component}
	if a.cfg.HTTP != nil {
		next = a.cfg.HTTP
	}
	next = &local{a, next}
	if a.cfg.InterceptHTTP != nil {
		if by := a.cfg.InterceptHTTP(from, next); by != nil {
			return by
		}
	}
	return next
}
