package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	nethttp "net/http"
	"net/http/httptest"

	"github.com/spinhost/spin/trigger"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

// exampleApp loads an app whose one component greets.
func exampleApp(cfg httptrigger.Config) *httptrigger.Server {
	a, err := tryLoad(cfg, single("/hello/:name"), &component{id: "guest", exports: []string{export2}, serve: func(g *guest) {
		g.answer(200, "hello "+g.headers()["spin-path-match-name"][0])
	}})
	if err != nil {
		panic(err)
	}
	return a.Server
}

// Put the trigger, configured, into the registry of an app.
func ExampleTrigger() {
	registry := trigger.NewRegistry(httptrigger.Trigger(httptrigger.Config{Addr: "127.0.0.1:3000"}))
	fmt.Println(registry.Kinds())
	// Output: [http]
}

// A loaded trigger is a handler like any other.
func ExampleServer_ServeHTTP() {
	app := exampleApp(httptrigger.Config{})
	logged := nethttp.HandlerFunc(func(w nethttp.ResponseWriter, r *nethttp.Request) {
		fmt.Println(r.Method, r.URL)
		app.ServeHTTP(w, r)
	})
	w := httptest.NewRecorder()
	logged.ServeHTTP(w, httptest.NewRequest("GET", "/hello/gopher", nil))
	fmt.Println(w.Code, w.Body)
	// Output:
	// GET /hello/gopher
	// 200 hello gopher
}

// Run listens until its context ends.
func ExampleServer_Run() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	app := exampleApp(httptrigger.Config{Listener: l})
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- app.Run(ctx) }()

	res, err := nethttp.Get("http://" + l.Addr().String() + "/hello/world")
	if err != nil {
		panic(err)
	}
	text, _ := io.ReadAll(res.Body)
	res.Body.Close()
	fmt.Printf("%s\n", text)
	nethttp.DefaultClient.CloseIdleConnections()
	stop()
	fmt.Println(<-done)
	// Output:
	// hello world
	// <nil>
}

func ExampleServer_Routes() {
	a, err := tryLoad(httptrigger.Config{}, single("/...")+single("/users/:id"), &component{id: "guest", exports: []string{export3}})
	if err != nil {
		panic(err)
	}
	for _, r := range a.Routes() {
		fmt.Println(r.Path, r.Wildcard, r.Component)
	}
	// Output:
	// /users/:id false guest
	// / true guest
}

// A bad route says where it is wrong.
func ExampleRouteError() {
	_, err := tryLoad(httptrigger.Config{}, single("/files/.../raw"), &component{id: "guest", exports: []string{export3}})
	var bad *httptrigger.RouteError
	if errors.As(err, &bad) {
		fmt.Println(bad.Route[bad.Offset:])
		fmt.Println(bad.Reason)
	}
	// Output:
	// .../raw
	// a wildcard matches all the rest of a path and can only be the end of a route; use a parameter such as ":name" for one part of it
}
