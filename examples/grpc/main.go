// Command grpc serves gRPC from a guest, over TLS or without it. The guest is written in Rust with
// tonic, of which spin knows nothing: to it calls are HTTP/2 requests with trailers.
//
//	cd examples/grpc && go run .
//	grpcurl -plaintext -import-path arithmetic -proto arithmetic.proto \
//		-d '{"dividend": 7, "divisor": 2}' 127.0.0.1:3000 acme.arithmetic.v1.Arithmetic/Divide
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

//go:generate protoc -I arithmetic --go_out=arithmetic --go_opt=paths=source_relative --go-grpc_out=arithmetic --go-grpc_opt=paths=source_relative arithmetic.proto

// closeTime is for how long guests may go on when all is answered.
const closeTime = 5 * time.Second

func main() {
	addr := flag.String("listen", "127.0.0.1:3000", "the `address` to listen on")
	cfg := triggerhttp.Config{}
	flag.StringVar(&cfg.CertFile, "tls-cert", "", "the certificates to serve TLS with, a PEM `file`")
	flag.StringVar(&cfg.KeyFile, "tls-key", "", "the private key of -tls-cert, a PEM `file`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		log.Fatal(err)
	}
	cfg.Listener = l
	fmt.Println("Serving acme.arithmetic.v1.Arithmetic at", l.Addr())
	if err := serve(ctx, "spin.toml", cfg, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

// serve serves the app until ctx ends, and then lets calls finish. logs gets what the guest prints
// and what goes wrong.
func serve(ctx context.Context, manifest string, cfg triggerhttp.Config, logs io.Writer) (err error) {
	app, err := load(ctx, manifest, cfg, logs)
	if err != nil {
		return errors.Join(err, cfg.Listener.Close())
	}
	defer func() {
		closing, stop := context.WithTimeout(context.Background(), closeTime)
		defer stop()
		err = errors.Join(err, app.Close(closing))
	}()
	return app.Run(ctx)
}

// load loads the app. The trigger's own server is what speaks HTTP/2 without TLS, and with TLS
// offers it by ALPN; calls that wait for nothing but the other end are bounded by their deadlines
// and not by the server.
func load(ctx context.Context, manifest string, cfg triggerhttp.Config, logs io.Writer) (*spin.App, error) {
	return spin.Load(ctx, manifest, &spin.Config{
		Triggers: trigger.NewRegistry(triggerhttp.Trigger(cfg)),
		Stdout:   func(string) io.Writer { return logs },
		Stderr:   func(string) io.Writer { return logs },
		Logger:   slog.New(slog.NewTextHandler(logs, nil)),
	})
}
