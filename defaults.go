package spin

import (
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/spinapi"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/hostapi/wasi"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// DefaultHostAPIs returns the host interfaces that come with spin: those of WASI and of Spin.
// Some are known but not provided yet; App.StandIns tells which of them an app imports.
func DefaultHostAPIs() hostapi.Registry {
	return hostapi.NewRegistry(wasi.Interfaces()...).
		With(spinapi.Interfaces()...).
		With(keyvalue.Interfaces()...).
		With(sqlite.Interfaces()...).
		With(variables.Interfaces()...)
}

// DefaultTriggers returns the triggers that come with spin: HTTP. It is set up for use of the
// app as an http.Handler; give Config.Triggers one of its own to have App.Run listen.
func DefaultTriggers() trigger.Registry { return defaultTriggers(Limits{}) }

func defaultTriggers(l Limits) trigger.Registry {
	return trigger.NewRegistry(triggerhttp.Trigger(triggerhttp.Config{RequestTime: l.RequestTime}))
}

// Route is one route of an app's HTTP trigger.
type Route = triggerhttp.Route

// Routes lists the routes of the app's HTTP trigger, in order of precedence: the first that
// matches a path serves it.
func (a *App) Routes() []Route {
	for _, r := range a.runners {
		if s, ok := r.(*triggerhttp.Server); ok {
			return s.Routes()
		}
	}
	return nil
}
