// Command capabilities shows what the dependencies of a component may reach of the host, and
// what they have tried: it calls a component that has a dependency which is trusted with the
// key-value store and one which is trusted with nothing, and prints the app's report.
//
//	go run ./examples/capabilities
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"os/signal"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/engine/value"
)

// visits is how often the component is called.
const visits = 3

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	// What is denied is logged too, once for each function.
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := run(ctx, "examples/capabilities/spin.toml", logger, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// run calls the app's component and prints what came of it, and the report.
func run(ctx context.Context, manifest string, logger *slog.Logger, out io.Writer) error {
	app, err := spin.Load(ctx, manifest, &spin.Config{Logger: logger})
	if err != nil {
		return err
	}
	defer app.Close(context.Background())
	for range visits {
		if err := visit(ctx, app, out); err != nil {
			return err
		}
	}
	// The report is data as well: Capabilities().Components, which encodes to JSON.
	_, err = fmt.Fprintf(out, "\n%s", app.Capabilities())
	return err
}

// visit calls the component once, and that calls its two dependencies.
func visit(ctx context.Context, app *spin.App, out io.Writer) error {
	got, err := app.Invoke(ctx, "shop", "acme:shop/shop#visit")
	if err != nil {
		return err // the guest has trapped, or has no such function
	}
	// The WIT type is tuple<result<u64, string>, u32>.
	tuple, ok := got.(value.Tuple)
	if !ok || len(tuple) != 2 {
		return fmt.Errorf("visit returns %T, not a pair", got)
	}
	counted, ok := tuple[0].(value.Result)
	if !ok {
		return fmt.Errorf("visit returns a pair of %T, not of a result", tuple[0])
	}
	outcome := fmt.Sprintf("visit %v", counted.Value)
	if !counted.OK {
		outcome = fmt.Sprint(counted.Value)
	}
	_, err = fmt.Fprintf(out, "counter: %s; banner: got hold of %v things\n", outcome, tuple[1])
	return err
}
