package http

import (
	"net"
	nethttp "net/http"
	"time"
)

// NewTransport returns a transport for the requests of guests. It uses no proxy, follows no
// redirects, sends and decodes no content coding by itself, and speaks HTTP/2 over TLS where
// the server does. The caller may change its fields before the first use, and should call
// CloseIdleConnections when it is no longer needed.
//
// Guests bring their own time limits, so that it has none but those that guard the transport.
func NewTransport() *nethttp.Transport {
	dialer := &net.Dialer{KeepAlive: 30 * time.Second}
	return &nethttp.Transport{
		DialContext:           dialer.DialContext,
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
