package outbound_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/internal/outbound"
	"github.com/spinhost/spin/internal/permit"
)

func TestComponentsConnectInTheirOwnWay(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of those who do not trust it
	server.StartTLS()
	defer server.Close()
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	n := outbound.New(outbound.Config{TLS: []outbound.TLS{
		{Components: []string{"cart"}, Hosts: []string{"example.org"}, Config: &tls.Config{}},
		{Components: []string{"cart", "shop"}, Hosts: []string{"LOCALHOST", "127.0.0.1"}, Config: &tls.Config{RootCAs: roots}},
	}})
	defer n.CloseIdle()
	for component, trusted := range map[string]bool{"cart": true, "shop": true, "other": false} {
		_, err := get(t.Context(), n.HTTP(component), server.URL)
		var unknown x509.UnknownAuthorityError
		if trusted && err != nil || !trusted && !errors.As(err, &unknown) {
			t.Errorf("%s: %v", component, err)
		}
	}
}

// Sockets and HTTP have one bound together, within which connections that are only kept make room.
func TestKeptConnectionsMakeRoom(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	n := outbound.New(outbound.Config{Connections: 1})
	defer n.CloseIdle()
	if _, err := get(t.Context(), n.HTTP("cart"), server.URL); err != nil {
		t.Fatal(err)
	}
	var release func()
	for ok := false; !ok; { // the connection is kept a moment after the body has ended
		if t.Context().Err() != nil {
			t.Fatal("a connection that nobody uses makes no room")
		}
		release, ok = n.AcquireSocket()
	}
	if _, ok := n.AcquireSocket(); ok {
		t.Error("there is room for a second one")
	}
	gone, giveUp := context.WithCancelCause(t.Context())
	giveUp(errors.New("given up"))
	if _, err := get(gone, n.HTTP("cart"), server.URL); err == nil {
		t.Error("a request was sent without a permit")
	}
	release()
	if _, err := get(t.Context(), n.HTTP("cart"), server.URL); err != nil {
		t.Error(err)
	}
}

func TestNoConnections(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	n := outbound.New(outbound.Config{HTTP: -1, Sockets: -1})
	if _, err := get(t.Context(), n.HTTP("cart"), server.URL); !errors.Is(err, permit.ErrNone) {
		t.Errorf("got %v", err)
	}
	if _, ok := n.AcquireSocket(); ok {
		t.Error("there is a socket")
	}
}

func TestBlockedNetworksAndAClientOfOnesOwn(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	blocked, err := capability.ParseNetworks("private")
	if err != nil {
		t.Fatal(err)
	}
	c := outbound.Config{Blocked: blocked}
	if _, err := get(t.Context(), outbound.New(c).HTTP("cart"), server.URL); !errors.Is(err, capability.ErrBlocked) {
		t.Errorf("got %v", err)
	}
	c.Client = next{}
	n := outbound.New(c)
	n.CloseIdle()
	if text, err := get(t.Context(), n.HTTP("cart"), server.URL); err != nil || text[:8] != "left for" {
		t.Errorf("%q, %v", text, err)
	}
}
