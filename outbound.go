package spin

import (
	"net/http"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// openHTTP sets up what sends the outbound requests of guests, once it is known which networks
// are blocked.
func (a *App) openHTTP() {
	if a.cfg.HTTP == nil {
		t := newTransport(a.cfg.BlockNetworks)
		a.cfg.HTTP = t
		a.closers = append(a.closers, t.CloseIdleConnections)
	}
	a.cfg.HTTP = &local{a, a.cfg.HTTP}
}

func newTransport(blocked capability.Networks) *http.Transport { return wasihttp.NewTransport(blocked) }
