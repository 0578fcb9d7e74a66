package spin_test

import (
	"context"
	"crypto/tls"
	"errors"
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

// What stands before outbound requests can tell which of them nothing in the app answers.
func ExampleLocalError() {
	wasm, err := os.ReadFile("testdata/guests/rust/p3.wasm")
	if err != nil {
		panic(err)
	}
	manifest := strings.Replace(exampleSender, "https://*.example.com", "http://stock.spin.internal", 1) + "[component.stock]\nsource = \"cart.wasm\"\n"
	app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
		FS: fstest.MapFS{"spin.toml": {Data: []byte(manifest)}, "cart.wasm": {Data: wasm}},
		InterceptHTTP: func(from spin.Origin, next http.RoundTripper) http.RoundTripper {
			return roundTrip(func(req *http.Request) (*http.Response, error) {
				res, err := next.RoundTrip(req)
				var local *spin.LocalError
				if errors.As(err, &local) {
					fmt.Printf("%s asks for %s: %v\n", from.Component, local.Component, err)
				}
				return res, err
			})
		},
	})
	if err != nil {
		panic(err)
	}
	defer app.Close(context.Background())
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/outbound?url=http://stock.spin.internal/", nil))
	fmt.Println(w.Code)
	// Output:
	// cart asks for stock: component "stock" (spin.toml:10:12) has no HTTP trigger: add [[trigger.http]] with component = "stock" and route = { private = true }
	// 502
}

// A component shows a certificate to one host, by a connection that nobody else uses.
func ExampleClientTLS() {
	wasm, err := os.ReadFile("testdata/guests/rust/p3.wasm")
	if err != nil {
		panic(err)
	}
	bank := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "balance: 7") }))
	defer bank.Close()
	app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
		FS: fstest.MapFS{"spin.toml": {Data: []byte(strings.Replace(exampleSender, "*.example.com", "*:*", 1))}, "cart.wasm": {Data: wasm}},
		ClientTLS: []spin.ClientTLS{{
			Components: []string{"cart"}, Hosts: []string{"127.0.0.1"},
			Config: &tls.Config{RootCAs: bank.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs},
		}},
	})
	if err != nil {
		panic(err)
	}
	defer app.Close(context.Background())
	w := httptest.NewRecorder()
	app.ServeHTTP(w, httptest.NewRequest("GET", "http://localhost/outbound?url="+bank.URL, nil))
	fmt.Println(w.Code, w.Body)
	// Output: 200 balance: 7
}
