package http

import (
	nethttp "net/http"
	"time"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/hostapi"
)

// NewTransport returns a transport for the requests of guests. It uses no proxy, follows no
// redirects, sends and decodes no content coding by itself, and speaks HTTP/2 over TLS where
// the server does. It connects to no address in blocked networks. The caller may change its fields before the first use, and should call
// CloseIdleConnections when it is no longer needed.
//
// Guests bring their own time limits, so that it has none but those that guard the transport.
func NewTransport(blocked capability.Networks) *nethttp.Transport {
	return &nethttp.Transport{
		DialContext:           hostapi.NewDialer(blocked).DialContext,
		DisableCompression:    true,
		ForceAttemptHTTP2:     true,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   32,
		IdleConnTimeout:       90 * time.Second,
		ExpectContinueTimeout: time.Second,
		WriteBufferSize:       16 << 10,
		ReadBufferSize:        16 << 10,
	}
}
