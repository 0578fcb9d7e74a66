package outbound

import (
	"context"
	"net"
	"net/http"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/internal/permit"
)

// Config says how an app's guests connect.
type Config struct {
	Blocked capability.Networks
	// NoPooling has each HTTP request make a connection of its own.
	NoPooling bool
	TLS       []TLS // the first that fits counts
	// Connections bounds those of all protocols, HTTP and Sockets those of one among them. 0 means
	// no bound, less than 0 that there can be none.
	Connections, HTTP, Sockets int
	// Client, if not nil, sends HTTP requests in place of connections of the network's own.
	Client http.RoundTripper
}

// Network connects the guests of an app. Connections are shared by all components that connect in
// the same way: those with a certificate of one's own, or with roots of their own, are never used
// for anybody else. It is safe for concurrent use.
type Network struct {
	client  http.RoundTripper
	usual   *http.Transport // nil if there is a client
	tls     []TLS
	special []*http.Transport // for each of tls
	http    permit.Of
	sockets permit.Of
}

// New makes a network. CloseIdle frees what it keeps.
func New(c Config) *Network {
	all := permit.New(bound(c.Connections))
	n := &Network{
		client:  c.Client,
		http:    permit.Of{Own: permit.New(bound(c.HTTP)), Total: all},
		sockets: permit.Of{Own: permit.New(bound(c.Sockets)), Total: all},
	}
	if c.Client != nil {
		return n
	}
	n.usual = n.transport(&c)
	n.tls = c.TLS
	for _, t := range c.TLS {
		special := n.transport(&c)
		special.TLSClientConfig = t.Config.Clone()
		n.special = append(n.special, special)
	}
	return n
}

// transport makes one that keeps to the limits.
func (n *Network) transport(c *Config) *http.Transport {
	t := wasihttp.NewTransport(c.Blocked)
	t.DisableKeepAlives = c.NoPooling
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

// CloseIdle closes connections that nobody uses.
func (n *Network) CloseIdle() {
	if n.usual != nil {
		n.usual.CloseIdleConnections()
	}
	for _, t := range n.special {
		t.CloseIdleConnections()
	}
}

// HTTP returns what sends the requests of a component.
func (n *Network) HTTP(component string) http.RoundTripper {
	if n.client != nil {
		return n.client
	}
	return &sender{n, component}
}

type sender struct {
	n         *Network
	component string
}

// requestKey is the key of the context of a request in the contexts that net/http makes of it.
type requestKey struct{}

// RoundTrip implements http.RoundTripper.
func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	t := s.n.usual
	if req.URL.Scheme == "https" {
		if i := tlsFor(s.n.tls, s.component, req.URL.Hostname()); i >= 0 {
			t = s.n.special[i]
		}
	}
	ctx := req.Context()
	return t.RoundTrip(req.WithContext(context.WithValue(ctx, requestKey{}, ctx)))
}
