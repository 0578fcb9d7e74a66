package spin

import (
	"context"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
	"github.com/spinhost/spin/internal/permit"
)

// openSockets sets up how many connections the sockets of all components may have together.
func (a *App) openSockets(context.Context) error {
	a.sockets = permit.Of{Own: permit.New(bound(a.cfg.Limits.SocketConnections)), Total: a.connections}
	return nil
}

// provideSockets lets a component's sockets count among those of the app.
func (a *App) provideSockets(s *hostapi.Scope) {
	sockets.Provide(s, sockets.Options{Acquire: a.acquireSocket})
}

// acquireSocket takes one of them. Connections that HTTP only keeps make room.
func (a *App) acquireSocket() (release func(), ok bool) {
	release, ok = a.sockets.Try()
	if !ok && a.network != nil {
		a.network.closeIdle()
		release, ok = a.sockets.Try()
	}
	return release, ok
}
