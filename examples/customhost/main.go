// Command customhost serves an app whose component uses a host interface that does not come with
// spin: package geo.
//
//	cd examples/customhost && go run .
//	curl 'http://127.0.0.1:3000/distance?from=Graz&to=Vienna'
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"

	"example.com/customhost/geo"
	"github.com/spinhost/spin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, "spin.toml", "127.0.0.1:3000", os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

// serve serves the app until ctx ends, and then lets requests finish.
func serve(ctx context.Context, manifest, addr string, out, logs io.Writer) error {
	app, err := spin.Load(ctx, manifest, &spin.Config{
		HostAPIs: spin.DefaultHostAPIs().With(geo.Host(geo.Cities())),
		Logger:   slog.New(slog.NewTextHandler(logs, nil)),
	})
	if err != nil {
		return err
	}
	defer app.Close(context.Background())

	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Serving http://%s\n", l.Addr())
	server := &http.Server{Handler: app}
	drained := make(chan error, 1)
	context.AfterFunc(ctx, func() { drained <- server.Shutdown(context.Background()) })
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-drained
}
