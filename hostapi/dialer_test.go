package hostapi_test

import (
	"context"
	"errors"
	"net"
	"path/filepath"
	"testing"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/internal/skiptest"
)

func TestDialerLooksAtTheAddressConnectedTo(t *testing.T) {
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer tcp.Close()
	unix, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		skiptest.Lacking(t, err)
	}
	defer unix.Close()
	_, port, _ := net.SplitHostPort(tcp.Addr().String())
	tests := []struct {
		behaviour, blocked, network, address string
		refused                              bool
	}{
		{"an open address", "10.0.0.0/8", "tcp", tcp.Addr().String(), false},
		{"nothing is blocked", "", "unix", unix.Addr().String(), false},
		{"a blocked address", "private", "tcp", tcp.Addr().String(), true},
		{"a name that stands for one", "private", "tcp", "localhost:" + port, true},
		{"IPv4 that is written as IPv6", "127.0.0.0/8", "tcp", "[::ffff:127.0.0.1]:" + port, true},
		{"a datagram socket", "private", "udp", tcp.Addr().String(), true},
		{"what is no IP address", "10.0.0.0/8", "unix", unix.Addr().String(), true},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			var blocked capability.Networks
			if tt.blocked != "" {
				if blocked, err = capability.ParseNetworks(tt.blocked); err != nil {
					t.Fatal(err)
				}
			}
			conn, err := hostapi.NewDialer(blocked).DialContext(context.Background(), tt.network, tt.address)
			if err == nil {
				conn.Close()
			}
			if refused := errors.Is(err, capability.ErrBlocked); refused != tt.refused || !refused && err != nil {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A name with several addresses is reached by those that are open.
func TestDialerTriesTheOpenAddressesOfAName(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	blocked, err := capability.ParseNetworks("::/0")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := hostapi.NewDialer(blocked).DialContext(context.Background(), "tcp", "localhost:"+port)
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
}
