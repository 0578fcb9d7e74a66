package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin"
)

// manifestText is an app whose one component is missing.
const manifestText = `spin_manifest_version = 2
[application]
name = "shop"
[[trigger.http]]
route = "/..."
component = "cart"
[component.cart]
source = "cart.wasm"
key_value_stores = ["default"]
`

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost"+path, nil))
	return w
}

func ExampleLoad() {
	ctx := context.Background()
	app, err := spin.Load(ctx, "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(app.Name())
	// http.ListenAndServe("127.0.0.1:3000", app)
	// Output: hello
}

// All faults come at once, each with what to write instead.
func ExampleLoad_faults() {
	files := fstest.MapFS{"spin.toml": {Data: []byte(manifestText + "enviroment = { }\nfiles = \"assets\"\n")}}
	_, err := spin.Load(context.Background(), "spin.toml", &spin.Config{FS: files})
	fmt.Println(err)
	// Output:
	// spin.toml:10:1: component.cart.enviroment: unknown key "enviroment": did you mean "environment"?
	// spin.toml:11:9: component.cart.files: must be an array of strings and tables, not a string: write ["assets"]
}

func ExampleError() {
	files := fstest.MapFS{
		"spin.toml": {Data: []byte(manifestText)},
		"cart.wasm": {Data: []byte("\x00asm\x01\x00\x00\x00")},
	}
	_, err := spin.Load(context.Background(), "spin.toml", &spin.Config{FS: files})
	var e *spin.Error
	if errors.As(err, &e) {
		fmt.Println(e.Component, "at line", e.Pos.Line)
	}
	fmt.Println(errors.Is(err, spin.ErrCoreModule))
	// Output:
	// cart at line 8
	// true
}

// An App is served by any server, and wrapped by any middleware.
func ExampleApp_ServeHTTP() {
	app, err := spin.Load(context.Background(), "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	mux := http.NewServeMux()
	mux.Handle("/app/", http.StripPrefix("/app", app))
	server := httptest.NewServer(mux)
	defer server.Close()

	res, err := http.Get(server.URL + "/app/p2")
	if err != nil {
		log.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	fmt.Println(res.StatusCode, string(b), err)
	// Output: 200 Hello, world! <nil>
}

// Requests in progress have five seconds to end.
func ExampleApp_Close() {
	app, err := spin.Load(context.Background(), "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	fmt.Println(app.Close(ctx))
	fmt.Println(get(app, "/").Code)
	// Output:
	// <nil>
	// 503
}

func ExampleApp_Routes() {
	app, err := spin.Load(context.Background(), "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	for _, r := range app.Routes() {
		fmt.Println(r.Path, r.Wildcard, r.Component)
	}
	// Output:
	// /p2 false hello-p2
	// / true hello-p3
}

// Tests can see that nothing was left behind.
func ExampleApp_Stats() {
	app, err := spin.Load(context.Background(), "examples/hello", &spin.Config{
		Components: map[string]spin.ComponentConfig{"hello-p3": {IdleTime: time.Hour}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(get(app, "/").Code, app.Stats().Instances)
	app.Close(context.Background())
	fmt.Println(app.Stats() == spin.Stats{})
	// Output:
	// 200 1
	// true
}

func ExampleApp_StandIns() {
	app, err := spin.Load(context.Background(), "examples/hello", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	fmt.Println(app.StandIns())
	// Output: []
}

func ExampleConfig() {
	app, err := spin.Load(context.Background(), "examples/hello/spin.toml", &spin.Config{
		FS:     os.DirFS("."), // or an embed.FS, or a zip.Reader
		Env:    map[string]string{"REGION": "eu"},
		Logger: slog.Default(),
		Limits: spin.Limits{Memory: 64 << 20, RequestTime: 10 * time.Second, ComputeTime: time.Second},
		Components: map[string]spin.ComponentConfig{
			"hello-p3": {MaxConcurrent: 4, IdleTime: time.Minute},
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	fmt.Println(get(app, "/").Body)
	// Output: Hello, world!
}

// The client of a guest that fails learns nothing; the logger does.
func ExampleConfig_logger() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		},
	}))
	app, err := loadGuest(&spin.Config{Logger: logger, Limits: spin.Limits{RequestTime: 50 * time.Millisecond}})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	w := get(app, "/never")
	fmt.Printf("%d %q\n", w.Code, w.Body)
	// Output:
	// level=ERROR msg="request failed: guest has not responded within the time for requests" trigger=http component=guest route=/...
	// 500 ""
}

func ExampleConfig_stdout() {
	app, err := loadGuest(&spin.Config{
		Stdout: func(component string) io.Writer { return prefixed(component + " says ") },
	})
	if err != nil {
		log.Fatal(err)
	}
	get(app, "/stdout?text=hello")
	app.Close(context.Background()) // waits for the output
	// Output: guest says hello
}

// prefixed puts itself before what is written.
type prefixed string

func (p prefixed) Write(b []byte) (int, error) {
	fmt.Printf("%s%s", p, b)
	return len(b), nil
}

// loadGuest loads the component that answers all the paths of the tests.
func loadGuest(cfg *spin.Config) (*spin.App, error) {
	wasm, err := os.ReadFile("testdata/guests/rust/p3.wasm")
	if err != nil {
		return nil, err
	}
	cfg.FS = bundle(minimal, map[string][]byte{"guest.wasm": wasm})
	return spin.Load(context.Background(), "spin.toml", cfg)
}

// A runtime of one's own has other limits than the default one.
func ExampleNewRuntime() {
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: 50, CacheDir: "-"})
	if err != nil {
		log.Fatal(err)
	}
	defer rt.Close(context.Background())
	for range 2 {
		app, err := spin.Load(context.Background(), "examples/hello", &spin.Config{Runtime: rt})
		if err != nil {
			log.Fatal(err)
		}
		defer app.Close(context.Background())
		fmt.Println(get(app, "/p2").Code)
	}
	// Output:
	// 200
	// 200
}

func ExampleDefaultRuntime() {
	rt, err := spin.DefaultRuntime()
	if err != nil {
		log.Fatal(err)
	}
	same, _ := spin.DefaultRuntime()
	fmt.Println(rt == same)
	// Output: true
}
