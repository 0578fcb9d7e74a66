// Command hello serves a Spin app from a Go program: load it, and it is an http.Handler.
//
//	go run ./examples/hello
package main

import (
	"context"
	"fmt"
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
	app, err := spin.Load(ctx, "examples/hello/spin.toml", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())

	l, err := net.Listen("tcp", "127.0.0.1:3000")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("Serving http://%s\n", l.Addr())
	for _, r := range app.Routes() {
		fmt.Printf("  %s: http://%s%s\n", r.Component, l.Addr(), r.Path)
	}

	server := &http.Server{Handler: app}
	go func() {
		<-ctx.Done()
		server.Shutdown(context.Background())
	}()
	if err := server.Serve(l); err != http.ErrServerClosed {
		log.Fatal(err)
	}
}
