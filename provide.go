package spin

import (
	"context"
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
	"github.com/spinhost/spin/internal/fault"
	"github.com/spinhost/spin/manifest"
)

// prepare sets up what host interfaces share in the app, once its manifest is known. Whatever
// it leaves behind when it fails is freed by Close.
func (a *App) prepare(ctx context.Context) error {
	var errs []error
	for _, open := range []func(context.Context) error{
		a.openOutput,
		a.openSQLite,
		a.openKeyValue,
		a.openFiles,
	} {
		if err := open(ctx); err != nil {
			errs = append(errs, fault.Split(err)...)
		}
	}
	return join(errs)
}

// provide gives the scope of a component, or of a dependency inside it, what the families of host
// interfaces look for there: a line for each. Files are another matter, see part.scope.
func (a *App) provide(s *hostapi.Scope, c *manifest.Component) {
	variables.Provide(s, a.variables, c.ID)
	a.provideSQLite(s, c)
	a.provideKeyValue(s, c)
	sockets.Provide(s, sockets.Options{Acquire: a.network.AcquireSocket})
}

// unknownLabel is the fault of a label in the manifest for which a field of Config has nothing.
func unknownLabel(c *manifest.Component, label manifest.Text, what, field string, known []string) error {
	err := fmt.Errorf("there is no %s %q: add it to Config.%s, or write one of %s", what, label.Value, field, strings.Join(known, ", "))
	return &Error{Component: c.ID, Pos: label.Pos, Err: err}
}

// values are texts without their places.
func values(texts []manifest.Text) []string {
	var list []string
	for _, t := range texts {
		list = append(list, t.Value)
	}
	return list
}
