package spin

import (
	"context"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// openSockets sets up how many connections the sockets of all components may have together.
func (a *App) openSockets(context.Context) error {
	if rc := a.cfg.RuntimeConfig; rc != nil && rc.Networking.MaxSocketConnections != nil {
		a.socketQuota = sockets.Quota(*rc.Networking.MaxSocketConnections)
	}
	return nil
}

// provideSockets lets a component's sockets count among those of the app.
func (a *App) provideSockets(s *hostapi.Scope) {
	sockets.Provide(s, sockets.Options{Acquire: a.socketQuota})
}
