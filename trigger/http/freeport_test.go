package http_test

import (
	"errors"
	"net"
	"strconv"
	"syscall"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

// inARow listens at n ports in a row, and returns the first.
func inARow(t *testing.T, n int) int {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		first := l.Addr().(*net.TCPAddr).Port
		all := []net.Listener{l}
		for port := first + 1; port < first+n && err == nil; port++ {
			if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
				all = append(all, l)
			}
		}
		closeAll := func() {
			for _, l := range all {
				l.Close()
			}
		}
		if err == nil {
			t.Cleanup(closeAll)
			return first
		}
		closeAll()
	}
	skiptest.Lacking(t, "no ports in a row are free")
	return 0
}

func TestListenFree(t *testing.T) {
	first := inARow(t, 3)
	l, err := httptrigger.ListenFree(t.Context(), net.JoinHostPort("127.0.0.1", strconv.Itoa(first)))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if port := l.Addr().(*net.TCPAddr).Port; port < first+3 || port > first+9 {
		t.Errorf("port %d, where %d and the two after it are in use", port, first)
	}
}

func TestListenFreeGivesUp(t *testing.T) {
	first := inARow(t, 10)
	if l, err := httptrigger.ListenFree(t.Context(), net.JoinHostPort("127.0.0.1", strconv.Itoa(first))); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("%v, %v", l, err)
	}
	for _, addr := range []string{"127.0.0.1", "127.0.0.1:99999", "256.0.0.1:80", "127.0.0.1:no-such-port"} {
		if l, err := httptrigger.ListenFree(t.Context(), addr); err == nil || errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("%s: %v, %v", addr, l, err)
		}
	}
}
