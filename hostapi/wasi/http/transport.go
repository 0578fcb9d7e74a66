package http

import (
	"context"
	"fmt"
	"net"
	nethttp "net/http"
	"time"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
)

// NewTransport returns a transport for the requests of guests. It uses no proxy, follows no
// redirects, sends and decodes no content coding by itself, and speaks HTTP/2 over TLS where
// the server does. It connects to no address in blocked networks, and not to the names that stand
// for the app and its components. The caller may change its fields before the first use, and should call
// CloseIdleConnections when it is no longer needed.
//
// Guests bring their own time limits, so that it has none but those that guard the transport.
func NewTransport(blocked capability.Networks) *nethttp.Transport {
	return &nethttp.Transport{
		DialContext:           dial(hostapi.NewDialer(blocked)),
		DisableCompression:    true,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          2048,
		MaxIdleConnsPerHost:   1024,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
		// net/http goes on with a handshake when the request has been given up.
		TLSHandshakeTimeout:    handshakeTime,
		MaxResponseHeaderBytes: maxHeader,
		WriteBufferSize:        16 << 10,
		ReadBufferSize:         16 << 10,
	}
}

const (
	handshakeTime = 30 * time.Second
	maxHeader     = 400 << 10 // bytes of a header section, as the HTTP trigger takes
)

// dial keeps the names from name servers that mean something in the app only.
func dial(d *net.Dialer) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		dest, _ := capability.ParseAuthority("http", address) // none of them, if it cannot be read
		if _, ok := dest.Component(); ok || dest.Host() == capability.SelfHost {
			return nil, fmt.Errorf("%s is for the host to answer: %w", dest.Host(), p3http.ErrorCodeDestinationNotFound())
		}
		return d.DialContext(ctx, network, address)
	}
}
