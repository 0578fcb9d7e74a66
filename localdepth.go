package spin

import (
	"context"
	"fmt"

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

// withRoomTime bounds for how long a request without a socket waits for an instance. Who has sent
// it has one: if all that there is room for wait for further ones, none would ever become free.
func (l Limits) withRoomTime(ctx context.Context) (context.Context, context.CancelFunc) {
	if depth(ctx) == 0 {
		return ctx, func() {}
	}
	t := orDefault(l.LocalRoomTime, defaultLocalRoom)
	return context.WithTimeoutCause(ctx, t, fmt.Errorf("%w: a request within the app has waited for %v (Limits.LocalRoomTime), and who has sent it takes room too", trigger.ErrBusy, t))
}
