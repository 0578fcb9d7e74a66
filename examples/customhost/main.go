// Command customhost serves an app whose component uses a host interface that does not come with
// spin: package geo. Middleware around the interface's functions counts what is asked.
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
	"sync/atomic"

	"example.com/customhost/geo"
	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
)

// questions is how many places each component may ask for.
const questions = 1000

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, "spin.toml", "127.0.0.1:3000", questions, os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

// limit is middleware that answers the first n calls of find for each component. It refuses others
// with an error of the interface, which guests see as if the implementation had returned it.
func limit(n int64) hostapi.Middleware {
	return func(_ *hostapi.Scope, f hostapi.Function) abi.Around {
		if f.Interface != geo.LookupID || f.Name != "find" {
			return nil
		}
		var asked atomic.Int64
		return func(context.Context) (context.Context, func(abi.Outcome), error) {
			if asked.Add(1) > n {
				return nil, nil, geo.ErrorQuotaExceeded()
			}
			return nil, nil, nil
		}
	}
}

// serve serves the app until ctx ends, and then lets requests finish.
func serve(ctx context.Context, manifest, addr string, quota int64, out, logs io.Writer) error {
	app, err := spin.Load(ctx, manifest, &spin.Config{
		HostAPIs: spin.DefaultHostAPIs().With(geo.Host(geo.Cities())).Wrap(limit(quota)),
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
