package http

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"time"
)

// Config configures the HTTP trigger. The zero value makes a Server that only answers as an
// http.Handler and does not listen.
type Config struct {
	// Listener is where Run accepts connections, and closes in the end. It may do TLS itself.
	Listener net.Listener
	// Addr is where Run listens if there is no Listener, such as "127.0.0.1:3000". Without
	// either Run only waits.
	Addr string

	// CertFile and KeyFile are PEM files of a chain of certificates and its private key, with
	// which Run does TLS. They are read when the app is loaded. TLS says more than they can;
	// NextProtos are set by Run. It must not be changed.
	CertFile, KeyFile string
	TLS               *tls.Config

	// RequestTime bounds the time from a request until the head of its response; 0 means no
	// bound. A request that takes longer is answered with status 500, its guest is asked to give
	// up, and its instance takes no more requests. What is configured for a component counts
	// before it.
	RequestTime time.Duration

	// HeaderTime bounds how long a client of Run may take to send a header section, and for the
	// handshake of TLS; 0 means one minute. IdleTime bounds how long Run keeps a connection that
	// is not used; 0 means three minutes.
	HeaderTime, IdleTime time.Duration
	// BodyTime bounds how long a guest that has not responded waits for its client to send more of
	// the request; 0 means one minute, less than 0 no bound. In all, the client has that and a second
	// for each 240 bytes that have come. Reading fails with connection-read-timeout then, and a guest
	// that does not respond itself is answered for with status 408. What comes after the head of the
	// response, as in a conversation, is not bounded.
	BodyTime time.Duration
	// WriteTime bounds how long a client may take to receive 64 KiB of a response that are ready; 0
	// means one minute, less than 0 no bound. Who is slower is taken for one that has left.
	WriteTime time.Duration
	// DrainTime bounds how long Run, when its context has ended, waits for requests that are
	// being served; 0 means ten seconds.
	DrainTime time.Duration

	// MaxHeaderBytes bounds the request line and the header section that a client of Run sends;
	// 0 means 417,792 bytes, as in Spin. Longer ones are answered with status 431.
	MaxHeaderBytes int
	// MaxFields bounds the header fields of a request; 0 means 100, as in Spin. More are answered
	// with status 431.
	MaxFields int
	// MaxBodyBytes bounds the body of a request; 0 means no bound. A longer one is answered with
	// status 413: before a guest runs if the client has said its length, and otherwise if the
	// guest, to which reading it fails with HTTP-request-body-size, has not responded.
	MaxBodyBytes int64

	// Logger is told what goes wrong; nil means that of the app.
	Logger *slog.Logger
}

const (
	defaultHeaderBytes = 417_792
	defaultFields      = 100
	// maxTarget bounds the path and query of a request, as in Spin.
	maxTarget = 65_534
)

// tls returns the configuration with which Run does TLS, nil if it does none.
func (c *Config) tls() (*tls.Config, error) {
	if c.CertFile == "" && c.KeyFile == "" {
		if c.TLS == nil {
			return nil, nil
		}
		return c.TLS.Clone(), nil
	}
	switch {
	case c.KeyFile == "":
		return nil, errors.New("there is a certificate for TLS and no private key: set Config.KeyFile too")
	case c.CertFile == "":
		return nil, errors.New("there is a private key for TLS and no certificate: set Config.CertFile too")
	}
	pair, err := tls.LoadX509KeyPair(c.CertFile, c.KeyFile)
	if err != nil {
		return nil, fmt.Errorf("certificate for TLS: %w", err)
	}
	conf := &tls.Config{}
	if c.TLS != nil {
		conf = c.TLS.Clone()
	}
	conf.Certificates = append([]tls.Certificate{pair}, conf.Certificates...)
	return conf, nil
}
