package timer_test

import (
	"context"
	"fmt"
	"testing/fstest"

	"example.com/customtrigger/timer"
	"github.com/spinhost/spin"
)

// The trigger is added to those that come with spin. What is wrong with its entries is reported
// when an app is loaded.
func ExampleTrigger() {
	_, err := spin.Load(context.Background(), "spin.toml", &spin.Config{
		Triggers: spin.DefaultTriggers().With(timer.Trigger(timer.Config{})),
		FS: fstest.MapFS{"spin.toml": {Data: []byte(`spin_manifest_version = 2
application.name = "clockwork"
[[trigger.timer]]
id = "heartbeat"
interval = "1s"
jitter = "2s"
`)}},
	})
	fmt.Println(err)
	// Output:
	// spin.toml:3:11: timer "heartbeat" names no component: add component = "..."
	// spin.toml:6:1: 2s must be less than the interval, 1s
}
