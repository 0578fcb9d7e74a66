// Command up runs a Spin app as `spin up` does.
//
//	go run ./examples/up --from examples/hello
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

func main() {
	o, err := parse(os.Args[1:])
	switch {
	case errors.Is(err, flag.ErrHelp):
		return
	case err != nil:
		os.Exit(2) // it was said why
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	if err := up(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// closeTime is for how long guests may go on when all requests are answered.
const closeTime = 5 * time.Second

// up loads the app and serves it until ctx ends.
func up(ctx context.Context, o *options) error {
	if o.capabilities {
		return report(ctx, o)
	}
	serving, err := o.serve(ctx)
	if err != nil {
		return err
	}
	defer serving.Listener.Close()
	cfg, err := o.config()
	if err != nil {
		return err
	}
	preset, err := o.preset(ctx, cfg)
	if err != nil {
		return err
	}
	defer preset()
	if err := o.presetSQLite(cfg); err != nil {
		return err
	}
	printed := &output{quiet: o.quiet}
	defer printed.flush()
	cfg.Stdout, cfg.Stderr = printed.to(os.Stdout), printed.to(os.Stderr)
	cfg.Triggers = trigger.NewRegistry(triggerhttp.Trigger(serving))
	app, err := spin.Load(ctx, o.from, cfg)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // asked to end while it loaded
	case err != nil:
		return err
	}
	announce(app, o.url(serving.Listener.Addr()))
	err = app.Run(ctx)
	closing, stop := context.WithTimeout(context.Background(), closeTime)
	defer stop()
	if e := app.Close(closing); e != nil {
		cfg.Logger.Warn("guests were ended that still ran", "error", e)
	}
	return err
}

// report prints what the components can reach, and by which lines of the manifest.
func report(ctx context.Context, o *options) error {
	cfg, err := o.config()
	if err != nil {
		return err
	}
	cfg.LogDir = "-"
	app, err := spin.Load(ctx, o.from, cfg)
	if err != nil {
		return err
	}
	_, err = app.Capabilities().WriteTo(os.Stdout)
	return errors.Join(err, app.Close(ctx))
}

func announce(app *spin.App, base string) {
	fmt.Printf("Serving %s\nAvailable Routes:\n", base)
	for _, r := range app.Routes() {
		wildcard := ""
		if r.Wildcard {
			wildcard = " (wildcard)"
		}
		fmt.Printf("  %s: %s%s%s\n", cmp.Or(r.Component, r.ID), base, r.Path, wildcard)
	}
}
