package cli_test

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
)

// Give components what wasi:cli has, but without an environment.
func ExampleInterfaces() {
	registry := hostapi.NewRegistry(cli.Interfaces()...).Without("wasi:cli/environment@0.2.12")
	_, ok := registry.Lookup("wasi:cli/environment@0.2.12")
	fmt.Println(ok)
	_, ok = registry.Lookup("wasi:cli/stdout@0.2.12")
	fmt.Println(ok)
	// Output:
	// false
	// true
}

func ExampleExitError() {
	err := fmt.Errorf("component hello: %w", &cli.ExitError{Code: 3}) // as calls of the guest fail
	var exit *cli.ExitError
	if errors.As(err, &exit) {
		fmt.Println(exit.Code)
	}
	// Output: 3
}
