// Command customtrigger serves an app over HTTP, and runs a component of it at intervals by a
// trigger that does not come with spin: package timer.
//
//	cd examples/customtrigger && go run .
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"time"

	"example.com/customtrigger/timer"
	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// closeTime is for how long guests may go on when all is answered.
const closeTime = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, "spin.toml", "127.0.0.1:3000", timer.Config{}, os.Stdout, os.Stderr); err != nil {
		log.Fatal(err)
	}
}

// serve serves the app's triggers until ctx ends, and then lets requests and ticks finish. out
// gets what the components print.
func serve(ctx context.Context, manifest, addr string, cfg timer.Config, out, logs io.Writer) (err error) {
	l, err := net.Listen("tcp", addr) // or Addr below, for who need not know which port it is
	if err != nil {
		return err
	}
	defer l.Close()
	app, err := spin.Load(ctx, manifest, &spin.Config{
		Triggers: trigger.NewRegistry(
			triggerhttp.Trigger(triggerhttp.Config{Listener: l}),
			timer.Trigger(cfg),
		),
		Stdout: func(string) io.Writer { return out },
		Logger: slog.New(slog.NewTextHandler(logs, nil)),
	})
	if err != nil {
		return err
	}
	defer func() {
		closing, stop := context.WithTimeout(context.Background(), closeTime)
		defer stop()
		err = errors.Join(err, app.Close(closing))
	}()
	if _, err := fmt.Fprintf(out, "Serving http://%s\n", l.Addr()); err != nil {
		return err
	}
	return app.Run(ctx)
}
