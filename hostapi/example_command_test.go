package hostapi_test

import (
	"context"
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi"
)

// Whoever runs a component as a program gives it arguments and streams by the context of the
// call of wasi:cli/run. Here a host function looks at what it was given.
func ExampleWithCommand() {
	var out strings.Builder
	ctx := hostapi.WithCommand(context.Background(), &hostapi.Command{
		Args:   []string{"report.cgi", "day=today"},
		Env:    []hostapi.EnvVar{{Name: "REQUEST_METHOD", Value: "GET"}},
		Stdin:  strings.NewReader("body"),
		Stdout: &out,
	})
	c := hostapi.CommandOf(ctx)
	fmt.Println(c.Args, c.Environ([]hostapi.EnvVar{{Name: "LEVEL", Value: "debug"}}))
	// Output: [report.cgi day=today] [{LEVEL debug} {REQUEST_METHOD GET}]
}
