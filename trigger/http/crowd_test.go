package http_test

import (
	"fmt"
	nethttp "net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// Of requests that are ready at the same time all are answered before the first handler returns, which
// is when net/http sends what it has: their responses go out together.
func TestResponsesGoOutTogether(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // else the order is anybody's
	a := load(t, httptrigger.Config{}, single("/..."), &component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "hello") }})
	a.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "http://x/", nil)) // starts what serves the others
	var got string
	for range 20 { // now and then Go's scheduler takes one out of turn
		if got = threeAtOnce(a); got == "answered answered answered returned returned returned" {
			return
		}
	}
	t.Error(got)
}

// threeAtOnce makes requests and returns in what order things happen to them.
func threeAtOnce(h nethttp.Handler) string {
	var mu sync.Mutex
	var order []string
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	var wg sync.WaitGroup
	for i := range 3 {
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.RemoteAddr = fmt.Sprint("192.0.2.", i, ":1")
		wg.Go(func() {
			h.ServeHTTP(&noting{httptest.NewRecorder(), note}, r)
			note("returned")
		})
	}
	wg.Wait()
	return strings.Join(order, " ")
}

// noting notes when a response begins.
type noting struct {
	nethttp.ResponseWriter
	note func(string)
}

func (w *noting) WriteHeader(code int) {
	w.note("answered")
	w.ResponseWriter.WriteHeader(code)
}
