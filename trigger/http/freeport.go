package http

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// ListenFree listens at addr or, if that is in use, at one of the nine ports after it, for use as
// Config.Listener. That all are in use matches syscall.EADDRINUSE; other errors of the first port
// that has one are returned as they are.
func ListenFree(ctx context.Context, addr string) (net.Listener, error) {
	const ports = 10
	host, text, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	first, err := net.DefaultResolver.LookupPort(ctx, "tcp", text)
	if err != nil {
		return nil, err
	}
	var lc net.ListenConfig
	last := min(first+ports-1, 1<<16-1)
	for port := first; port <= last; port++ {
		l, err := lc.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
		if !errors.Is(err, syscall.EADDRINUSE) {
			return l, err
		}
	}
	return nil, fmt.Errorf("all ports from %d to %d of %s are in use: %w", first, last, strconv.Quote(host), syscall.EADDRINUSE)
}
