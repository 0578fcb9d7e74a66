// Command hello serves a Spin app from a Go program: load it, and it is an http.Handler.
//
//	go run ./examples/hello
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"

	"github.com/spinhost/spin"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, "examples/hello/spin.toml", "127.0.0.1:3000", os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// serve serves the app until ctx ends, and then lets requests finish.
func serve(ctx context.Context, manifest, addr string, out io.Writer) error {
	app, err := spin.Load(ctx, manifest, nil)
	if err != nil {
		return err
	}
	defer app.Close(context.Background())

	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Serving http://%s\n", l.Addr())
	for _, r := range app.Routes() {
		fmt.Fprintf(out, "  %s: http://%s%s\n", r.Component, l.Addr(), r.Path)
	}

	server := &http.Server{Handler: app}
	drained := make(chan error, 1)
	context.AfterFunc(ctx, func() { drained <- server.Shutdown(context.Background()) })
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-drained
}
