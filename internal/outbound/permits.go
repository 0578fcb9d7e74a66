package outbound

import (
	"context"
	"fmt"
	"net"
	"time"

	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/permit"
)

// bound returns a number of connections for package permit.
func bound(n int) *int {
	switch {
	case n == 0:
		return nil
	case n < 0:
		n = 0
	}
	return &n
}

// permitted is a connection that gives its permit back when it is closed.
type permitted struct {
	net.Conn
	release func()
}

func (c *permitted) Close() error {
	c.release()
	return c.Conn.Close()
}

// idleCheck is how often connections that nobody uses are looked for while somebody waits for a
// permit.
const idleCheck = 20 * time.Millisecond

// acquire waits for a permit to connect for HTTP. Connections that are kept for later make room.
func (n *Network) acquire(ctx context.Context) (func(), error) {
	if release, ok := n.http.Try(); ok {
		return release, nil
	}
	if request, ok := ctx.Value(requestKey{}).(context.Context); ok {
		ctx = request // net/http goes on connecting when the request has been given up
	}
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			n.CloseIdle()
			select {
			case <-stop:
				return
			case <-time.After(idleCheck):
			}
		}
	}()
	release, err := n.http.Acquire(ctx)
	close(stop)
	<-over
	if err == permit.ErrNone {
		err = fmt.Errorf("%w: %w", err, p3http.ErrorCodeConnectionLimitReached())
	}
	return release, err
}

// AcquireSocket takes a permit for a socket, if there is one, and returns what gives it back.
// Connections that HTTP only keeps make room.
func (n *Network) AcquireSocket() (release func(), ok bool) {
	release, ok = n.sockets.Try()
	if !ok {
		n.CloseIdle()
		release, ok = n.sockets.Try()
	}
	return release, ok
}
