package http

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	nethttp "net/http"
	"time"
)

// Limits of Run that are not configured.
const (
	defaultHeaderTime = time.Minute
	defaultIdleTime   = 3 * time.Minute
	defaultDrainTime  = 10 * time.Second
)

// Run implements trigger.Runner: it serves connections of HTTP/1 and HTTP/2, with TLS and
// without, until ctx ends, and then waits for requests that are being served. It is the better way
// to serve an app that has clients with HTTP/2 and no TLS, or that could be attacked with slow
// requests: a plain http.Server knows nothing of both unless told. It can be called once.
//
// Without Listener and Addr it only waits for ctx, and the app is served as an http.Handler.
func (s *Server) Run(ctx context.Context) error {
	l, err := s.listen(ctx)
	if err != nil {
		return err
	}
	if l == nil {
		<-ctx.Done()
		return nil
	}
	srv := s.server(ctx)
	done := make(chan error, 1)
	go func() {
		if s.tls != nil {
			done <- srv.ServeTLS(l, "", "")
		} else {
			done <- srv.Serve(l)
		}
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	drain, stop := context.WithTimeout(context.WithoutCancel(ctx), cmp.Or(s.cfg.DrainTime, defaultDrainTime))
	defer stop()
	if err := srv.Shutdown(drain); err != nil {
		s.log.Warn("requests were cut short: they took longer than the time to drain", "error", err)
		srv.Close()
	}
	if err := <-done; !errors.Is(err, nethttp.ErrServerClosed) {
		return err
	}
	return nil
}

func (s *Server) listen(ctx context.Context) (net.Listener, error) {
	switch {
	case s.cfg.Listener != nil:
		return s.cfg.Listener, nil
	case s.cfg.Addr == "":
		return nil, nil
	}
	var lc net.ListenConfig
	return lc.Listen(ctx, "tcp", s.cfg.Addr)
}

// server makes what serves connections.
func (s *Server) server(ctx context.Context) *nethttp.Server {
	var protocols nethttp.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(true)
	base := context.WithoutCancel(ctx) // requests outlive ctx by the time to drain
	return &nethttp.Server{
		Handler:                      s,
		Protocols:                    &protocols,
		BaseContext:                  func(net.Listener) context.Context { return base },
		ReadHeaderTimeout:            cmp.Or(s.cfg.HeaderTime, defaultHeaderTime),
		IdleTimeout:                  cmp.Or(s.cfg.IdleTime, defaultIdleTime),
		MaxHeaderBytes:               cmp.Or(s.cfg.MaxHeaderBytes, defaultHeaderBytes),
		TLSConfig:                    s.tls,
		DisableGeneralOptionsHandler: true,
		ErrorLog:                     slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}
