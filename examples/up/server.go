package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"syscall"

	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// server has the flags that say how the app is served.
type server struct {
	listen, cert, key string
	findFree          bool
	maxHeader         int
}

func (s *server) flags(f *flag.FlagSet) {
	f.StringVar(&s.listen, "listen", cmp.Or(os.Getenv("SPIN_HTTP_LISTEN_ADDR"), "127.0.0.1:3000"), "the `address` to listen on")
	f.BoolVar(&s.findFree, "find-free-port", false, "if the port is in use, take one of the nine after it")
	f.StringVar(&s.cert, "tls-cert", os.Getenv("SPIN_TLS_CERT"), "the certificates to serve HTTPS with, a PEM `file`")
	f.StringVar(&s.key, "tls-key", os.Getenv("SPIN_TLS_KEY"), "the private key of --tls-cert, a PEM `file`")
	f.IntVar(&s.maxHeader, "http1-max-buf-size", 0, "how many `bytes` the request line and header section may have; 0 is 417792")
}

// minHeader is the least that --http1-max-buf-size may be, as in Spin.
const minHeader = 8192

func (s *server) check() error {
	switch {
	case (s.cert == "") != (s.key == ""):
		return errors.New("--tls-cert and --tls-key belong together: give both")
	case s.maxHeader != 0 && s.maxHeader < minHeader:
		return fmt.Errorf("--http1-max-buf-size: %d is too small for requests of browsers: give at least %d", s.maxHeader, minHeader)
	}
	return nil
}

// serve listens.
func (o *options) serve(ctx context.Context) (triggerhttp.Config, error) {
	s := &o.server
	cfg := triggerhttp.Config{CertFile: s.cert, KeyFile: s.key, MaxHeaderBytes: s.maxHeader}
	var err error
	if s.findFree {
		cfg.Listener, err = triggerhttp.ListenFree(ctx, s.listen)
	} else {
		cfg.Listener, err = net.Listen("tcp", s.listen)
		if errors.Is(err, syscall.EADDRINUSE) {
			err = fmt.Errorf("%w; give another --listen, or --find-free-port", err)
		}
	}
	return cfg, err
}

// url is where the app is served.
func (o *options) url(addr net.Addr) string {
	if o.server.cert != "" {
		return "https://" + addr.String()
	}
	return "http://" + addr.String()
}
