package http_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"os"
	"strings"
	"time"

	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasihttp "github.com/spinhost/spin/hostapi/wasi/http"
	wasiio "github.com/spinhost/spin/hostapi/wasi/io"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
	p3http "github.com/spinhost/spin/hostapi/wasi/p3/http"
	"github.com/spinhost/spin/internal/httpguest"
)

func ExampleInterfaces() {
	for _, i := range wasihttp.Interfaces() {
		fmt.Printf("%s %q\n", i.ID, i.Capability)
	}
	// Output:
	// wasi:http/types@0.3.0 ""
	// wasi:http/client@0.3.0 "allowed_outbound_hosts"
	// wasi:http/types@0.3.0-rc-2026-03-15 ""
	// wasi:http/client@0.3.0-rc-2026-03-15 "allowed_outbound_hosts"
	// wasi:http/types@0.2.12 ""
	// wasi:http/outgoing-handler@0.2.12 "allowed_outbound_hosts"
	// wasi:http/types@0.2.0-rc-2023-10-18 ""
	// wasi:http/outgoing-handler@0.2.0-rc-2023-10-18 "allowed_outbound_hosts"
}

// A transport for the guests of a platform that bounds connections.
func ExampleNewTransport() {
	t := wasihttp.NewTransport(capability.Networks{})
	defer t.CloseIdleConnections()
	t.MaxConnsPerHost = 8
	t.ResponseHeaderTimeout = time.Minute
	scope := hostapi.Scope{HTTP: t}
	fmt.Println(scope.HTTP == nethttp.RoundTripper(t))
	// Output: true
}

// A transport can refuse a request with a code that the guest sees.
func ExampleErrorCode() {
	scope := hostapi.Scope{HTTP: roundTrip(func(*nethttp.Request) (*nethttp.Response, error) {
		return nil, fmt.Errorf("quota: %w", p3http.ErrorCodeConnectionLimitReached())
	})}
	_, err := scope.HTTP.RoundTrip(nil)
	code, _ := abi.AsErr[wasihttp.ErrorCode](err)
	fmt.Println(code.Case)
	// Output: connection-limit-reached
}

// A guest of the snapshot of October 2023 gets the request as a resource of its own.
func ExampleRequest_OctoberRequest() {
	req := fromNetwork()
	path, _ := req.OctoberRequest().PathWithQuery(context.Background())
	fmt.Println(path.Value)
	// Output: /greet?lang=en
}

func ExampleInternal() {
	text, _ := wasihttp.Internal("out of order").InternalError()
	fmt.Println(text.Value)
	// Output: out of order
}

// fromNetwork is a request as a server has received it.
func fromNetwork() wasihttp.Request {
	return wasihttp.Request{
		Method: "POST", Scheme: "https", Authority: "example.com", PathWithQuery: "/greet?lang=en",
		Header: nethttp.Header{"Content-Type": {"text/plain"}, "Connection": {"close"}},
		Drop:   func(name string) bool { return name == "connection" },
		Extra:  []wasihttp.Field{{F0: "spin-path-info", F1: []byte("/greet")}},
		Body:   io.NopCloser(strings.NewReader("world")),
	}
}

// exampleGuest is an instance of a guest that imports wasi:http.
func exampleGuest() *httpguest.Instance {
	return httpguest.New(append(wasihttp.Interfaces(), wasiio.Interfaces()...), new(hostapi.Scope))
}

// Serve a request by a guest of WASI 0.2, which sets its response while it runs.
func ExampleRequest_IncomingRequest() {
	responses := make(chan *wasihttp.Response, 1)
	req := fromNetwork()
	call := &p2http.IncomingHandlerHandle{
		Request:     req.IncomingRequest(),
		ResponseOut: wasihttp.NewOutparam(func(r *wasihttp.Response, err error) { responses <- r }),
	}
	// The guest's handler, in Go:
	err := exampleGuest().Run(context.Background(), func(t *httpguest.Task) {
		args := t.Lower(call, p2http.IncomingHandlerHandleType, 2)
		_, stream := t.Consume2("incoming-request", args[0])
		name, _ := t.ReadAll2(stream)
		res := t.Response2(200, t.Fields2("content-type", "text/plain"))
		body, out := t.Body2("outgoing-response", res)
		t.SetOutparam2(args[1], res)
		t.Write2(out, "hello "+name)
		t.Drop(out)
		t.Finish2(body, t.Fields2("x-sum", "11"))
	})
	if err != nil {
		fmt.Println(err)
	}
	res := <-responses
	header := nethttp.Header{}
	res.CopyHeader(header)
	fmt.Println(res.Status, header)
	err = res.Body.CopyTo(os.Stdout, nil)
	fmt.Println("\n"+res.Body.Trailers().Get("X-Sum"), err)
	res.Body.Finish(err)
	// Output:
	// 200 map[Content-Type:[text/plain]]
	// hello world
	// 11 <nil>
}

// Serve a request by a guest of WASI 0.3, which returns its response and goes on writing.
func ExampleRequest_Resource() {
	responses := make(chan *wasihttp.Response, 1)
	req := fromNetwork()
	call := &p3http.HandlerHandle{Request: req.Resource()}
	// The guest's handler, in Go:
	guest := exampleGuest()
	guest.Start(context.Background(), func(t *httpguest.Task) {
		r := t.Lower(call, p3http.HandlerHandleType, 1)[0]
		name, _ := t.Consume3("request", r)
		contents, w := t.Stream()
		trailers, tw := t.Stream()
		res, _ := t.Response3(200, t.Fields3(), contents, trailers)
		t.Lift(call, p3http.HandlerHandleType, 0, res)
		res3, _ := wasihttp.TakeResponse(call.Result)
		responses <- res3
		t.Write(w, "hello "+t.ReadAll(name))
		t.CloseWriter(w)
		t.SetTrailers3(tw, httpguest.None)
	}, func(error) {})
	res := <-responses
	text, err := io.ReadAll(res.Body)
	res.Body.Finish(err)
	fmt.Printf("%d %s %v\n", res.Status, text, err)
	guest.End(errors.New("done"))
	// Output: 200 hello world <nil>
}

// A response that was not made by this package is refused.
func ExampleTakeResponse() {
	_, err := wasihttp.TakeResponse(nil)
	fmt.Println(errors.Is(err, abi.ErrTrap))
	// Output: true
}

// A guest that ends without a response, or is ended, drops its outparam.
func ExampleNewOutparam() {
	out := wasihttp.NewOutparam(func(_ *wasihttp.Response, err error) { fmt.Println(err == wasihttp.ErrNoResponse) })
	_ = out.(abi.Dropper).Drop()
	// Output: true
}

func ExampleIsToken() {
	fmt.Println(wasihttp.IsToken("content-type"), wasihttp.IsToken("content type"))
	// Output: true false
}

func ExampleIsValue() {
	fmt.Println(wasihttp.IsValue("text/html; q=0.5"), wasihttp.IsValue("a\r\nb"))
	// Output: true false
}

func ExampleIsTarget() {
	fmt.Println(wasihttp.IsTarget("/search?q=a%20b"), wasihttp.IsTarget("/search?q=a b"))
	// Output: true false
}

func ExampleIsAuthority() {
	fmt.Println(wasihttp.IsAuthority("[::1]:8080"), wasihttp.IsAuthority("example.com/path"))
	// Output: true false
}
