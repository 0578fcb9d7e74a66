package spin_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/capability"
)

// exampleSender is a manifest of a component that answers /outbound?url=... with what it gets from there.
const exampleSender = `spin_manifest_version = 2
[application]
name = "shop"
[[trigger.http]]
route = "/..."
component = "cart"
[component.cart]
source = "cart.wasm"
allowed_outbound_hosts = ["https://*.example.com"]
`

// quota has the outbound requests of a component answered, refused, or sent.
type quota struct {
	from spin.Origin
	next http.RoundTripper
}

func (q quota) RoundTrip(req *http.Request) (*http.Response, error) {
	switch {
	case strings.HasPrefix(req.URL.Host, "prices."):
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("12.50"))}, nil
	case q.from.Component == "cart" && req.Method == http.MethodGet:
		return nil, fmt.Errorf("%s has used up its requests: %w", q.from.Component, spin.ErrDenied)
	}
	return q.next.RoundTrip(req)
}

// A platform stands before all outbound requests that manifests allow, and keeps private networks
// closed.
func ExampleConfig_interceptHTTP() {
	wasm, err := os.ReadFile("testdata/guests/rust/p3.wasm")
	if err != nil {
		panic(err)
	}
	private, err := capability.ParseNetworks("private")
	if err != nil {
		panic(err)
	}
	app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
		FS:            fstest.MapFS{"spin.toml": {Data: []byte(exampleSender)}, "cart.wasm": {Data: wasm}},
		BlockNetworks: private,
		InterceptHTTP: func(from spin.Origin, next http.RoundTripper) http.RoundTripper { return quota{from, next} },
	})
	if err != nil {
		panic(err)
	}
	defer app.Close(context.Background())
	for _, url := range []string{"https://prices.example.com/apple", "https://stock.example.com/apple"} {
		w := httptest.NewRecorder()
		app.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/outbound?url="+url, nil))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 12.50
	// 502 ErrorCode::HttpRequestDenied
}
