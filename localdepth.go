package spin

import (
	"context"
	"fmt"
	"time"

	"github.com/spinhost/spin/trigger"
)

// depthKey is the key of how many requests without a socket lie around the work of a context.
type depthKey struct{}

func depth(ctx context.Context) int {
	n, _ := ctx.Value(depthKey{}).(int)
	return n
}

func deeper(ctx context.Context) context.Context {
	return context.WithValue(ctx, depthKey{}, depth(ctx)+1)
}

// localRoomTime bounds how long a request without a socket waits for an instance. Who sends it
// has one: if all that there is room for wait for further ones, none would ever become free.
const localRoomTime = 5 * time.Second

var errNoLocalRoom = fmt.Errorf("%w: a request within the app has waited for %v, while the instance that sent it takes room too", trigger.ErrBusy, localRoomTime)

// withRoomTime bounds for how long an instance is waited for.
func withRoomTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if depth(ctx) == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, localRoomTime, errNoLocalRoom)
}
