package http_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/spinhost/spin/capability"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
)

// Many requests to one server at once leave connections for as many later.
func TestConnectionsAreKeptForMany(t *testing.T) {
	const n = 300
	var made atomic.Int32
	var meet sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		meet.Done()
		meet.Wait()
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			made.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	tr := wasihttp.NewTransport(capability.Networks{})
	defer tr.CloseIdleConnections()
	for range 3 {
		meet.Add(n)
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				req, _ := http.NewRequest(http.MethodGet, server.URL, nil)
				res, err := tr.RoundTrip(req)
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, res.Body)
				res.Body.Close()
			})
		}
		wg.Wait()
	}
	if made := made.Load(); made > n+n/10 {
		t.Errorf("%d connections for %d requests at once", made, n)
	}
}
