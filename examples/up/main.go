// Command up runs a Spin app as `spin up` does.
//
//	go run ./examples/up --from examples/hello
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/signal"
	"strings"
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

// options are the flags.
type options struct {
	from, listen string
	env          environment
	variables    *values
	quiet        bool
	limits       spin.Limits
}

// environment collects --env flags.
type environment map[string]string

func (e environment) String() string { return "" }

// Set implements flag.Value.
func (e environment) Set(s string) error {
	k, v, ok := strings.Cut(s, "=")
	if !ok || k == "" {
		return errors.New("want NAME=VALUE")
	}
	e[k] = v
	return nil
}

func parse(args []string) (*options, error) {
	o := &options{env: environment{}, variables: &values{all: map[string]string{}}}
	f := flag.NewFlagSet("up", flag.ContinueOnError)
	f.StringVar(&o.from, "from", spin.ManifestName, "the manifest, or the `folder` in which it is")
	f.StringVar(&o.from, "f", spin.ManifestName, "short for --from")
	f.StringVar(&o.listen, "listen", "127.0.0.1:3000", "the `address` to listen on")
	f.Var(o.env, "env", "`NAME=VALUE` for the environment of every component; may be repeated")
	f.Var(o.variables, "variable", "`NAME=VALUE` of a variable of the application, or NAME=@FILE, @FILE.json, @FILE.toml; may be repeated")
	f.BoolVar(&o.quiet, "quiet", false, "do not show what the components print")
	f.DurationVar(&o.limits.RequestTime, "request-timeout", 0, "time until a response must begin; 0 is no bound")
	f.DurationVar(&o.limits.ComputeTime, "compute-timeout", 30*time.Second, "time for which a component may compute without waiting")
	err := f.Parse(args)
	if err == nil && o.variables.err != nil {
		err = fmt.Errorf("--variable: %w", o.variables.err)
		fmt.Fprintln(f.Output(), err)
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q: name the manifest with --from", f.Arg(0))
		fmt.Fprintln(f.Output(), err)
	}
	return o, err
}

// closeTime is for how long guests may go on when all requests are answered.
const closeTime = 5 * time.Second

// up loads the app and serves it until ctx ends.
func up(ctx context.Context, o *options) error {
	l, err := net.Listen("tcp", o.listen)
	if err != nil {
		return err
	}
	defer l.Close()
	provided, err := providers(o.variables)
	if err != nil {
		return err
	}
	log := logger()
	printed := &output{quiet: o.quiet}
	defer printed.flush()
	app, err := spin.Load(ctx, o.from, &spin.Config{
		Triggers: trigger.NewRegistry(triggerhttp.Trigger(triggerhttp.Config{
			Listener: l, RequestTime: o.limits.RequestTime,
		})),
		Env: o.env, Variables: provided, Limits: o.limits, Stdout: printed.to(os.Stdout), Stderr: printed.to(os.Stderr),
		Logger: log,
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return nil // asked to end while it loaded
	case err != nil:
		return err
	}
	announce(app, l.Addr())
	err = app.Run(ctx)
	closing, stop := context.WithTimeout(context.Background(), closeTime)
	defer stop()
	if e := app.Close(closing); e != nil {
		log.Warn("guests were ended that still ran", "error", e)
	}
	return err
}

func announce(app *spin.App, addr net.Addr) {
	base := "http://" + addr.String()
	fmt.Printf("Serving %s\nAvailable Routes:\n", base)
	for _, r := range app.Routes() {
		wildcard := ""
		if r.Wildcard {
			wildcard = " (wildcard)"
		}
		fmt.Printf("  %s: %s%s%s\n", r.Component, base, r.Path, wildcard)
	}
}
