package spin_test

import (
	"context"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"slices"
	"testing/fstest"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/trigger"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// timer is a kind of trigger: [[trigger.timer]] with an interval.
type timer struct{}

func (timer) Kind() string { return "timer" }

func (timer) Load(_ context.Context, h trigger.Host, entries []trigger.Entry) (trigger.Runner, error) {
	var t ticks
	for _, e := range entries {
		var settings struct {
			Interval string `toml:"interval"`
		}
		if err := e.Decode(&settings); err != nil {
			return nil, err
		}
		d, err := time.ParseDuration(settings.Interval)
		if err != nil || d <= 0 {
			return nil, e.Errorf("interval", "want a duration such as %q, not %q", "10s", settings.Interval)
		}
		c, err := h.Component(e.Component)
		if err != nil {
			return nil, err
		}
		fmt.Println(c.ID(), "every", d, c.Exports())
		t.interval = d
	}
	return t, nil
}

type ticks struct{ interval time.Duration }

func (t ticks) Run(ctx context.Context) error {
	select {
	case <-time.After(t.interval):
	case <-ctx.Done():
	}
	return nil
}

func ExampleDefaultTriggers() {
	const text = `spin_manifest_version = 2
[application]
name = "clock"
[[trigger.timer]]
component = "guest"
interval = "%s"
[component.guest]
source = "testdata/guests/rust/hello-p3.wasm"
`
	wasm, err := os.ReadFile("testdata/guests/rust/hello-p3.wasm")
	if err != nil {
		log.Fatal(err)
	}
	for _, interval := range []string{"1ms", "soon"} {
		app, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
			FS: fstest.MapFS{
				"spin.toml":                          {Data: fmt.Appendf(nil, text, interval)},
				"testdata/guests/rust/hello-p3.wasm": {Data: wasm},
			},
			Triggers: spin.DefaultTriggers().With(timer{}),
		})
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(app.Run(context.Background()))
		app.Close(context.Background())
	}
	// Output:
	// guest every 1ms [wasi:http/handler@0.3.0]
	// <nil>
	// spin.toml:6:1: want a duration such as "10s", not "soon"
}

func ExampleDefaultHostAPIs() {
	list := spin.DefaultHostAPIs()
	fmt.Println(slices.ContainsFunc(list.Interfaces(), func(i hostapi.Interface) bool { return i.ID == "wasi:http/types@0.3.0" }))

	// What an app must not even see is taken out.
	_, ok := list.Without("wasi:http/types@0.3.0").Lookup("wasi:http/types@0.3.0")
	fmt.Println(ok)
	// Output:
	// true
	// false
}

// Run serves all triggers. That for HTTP listens if it is told where.
func ExampleApp_Run() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	app, err := spin.Load(context.Background(), "examples/hello", &spin.Config{
		Triggers: spin.DefaultTriggers().With(triggerhttp.Trigger(triggerhttp.Config{Listener: l})),
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(context.Background())
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- app.Run(ctx) }()

	res, err := http.Get("http://" + l.Addr().String() + "/p2")
	if err != nil {
		log.Fatal(err)
	}
	res.Body.Close()
	fmt.Println(res.StatusCode)
	stop()
	fmt.Println(<-done)
	// Output:
	// 200
	// <nil>
}
