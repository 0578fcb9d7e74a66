package spin

import (
	"context"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/manifest"
)

// prepare sets up what host interfaces share in the app, once its manifest is known. Whatever
// it leaves behind when it fails is freed by Close.
func (a *App) prepare(ctx context.Context) error {
	var errs []error
	for _, open := range []func(context.Context) error{
		a.openLogs,
		a.openSQLite,
		a.openKeyValue,
		a.openFiles,
		a.openSockets,
	} {
		if err := open(ctx); err != nil {
			errs = append(errs, split(err)...)
		}
	}
	return join(errs)
}

// provide gives the scope of a component, or of a dependency inside it, what the families of host
// interfaces look for there: a line for each.
func (a *App) provide(s *hostapi.Scope, c *manifest.Component) {
	variables.Provide(s, a.variables, c.ID)
	a.provideSQLite(s, c)
	a.provideKeyValue(s, c)
	a.provideFiles(s, c)
	a.provideSockets(s)
}
