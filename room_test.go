package spin_test

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/spinhost/spin"
)

// roomFor makes a runtime with room for so many instances, which is closed after the test.
func roomFor(t *testing.T, instances int) *spin.Runtime {
	t.Helper()
	rt, err := spin.NewRuntime(spin.RuntimeConfig{Instances: instances})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := rt.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return rt
}

// Instances that are only kept for further requests make room for others: of other components, of
// other apps, and for those of WASI 0.2.
func TestIdleInstancesMakeRoomForOthers(t *testing.T) {
	noGoroutines(t)
	rt := roomFor(t, 2)
	var apps []*spin.App
	for range 2 {
		apps = append(apps, loadChain(t, guestP3, func(c *spin.Config) {
			c.Runtime = rt
			c.ComponentDefaults.IdleTime = time.Hour
		}))
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for range 3 {
		for n, app := range apps {
			for _, path := range []string{"/hello", "/outbound?url=http://three.spin.internal/hello", "/outbound?url=http://two.spin.internal/hello"} {
				w := httptest.NewRecorder()
				app.ServeHTTP(w, httptest.NewRequest("GET", path, nil).WithContext(ctx))
				if w.Code != 200 {
					t.Fatalf("app %d, %s: %d %s", n, path, w.Code, w.Body)
				}
			}
		}
	}
	if n := apps[0].Stats().Instances + apps[1].Stats().Instances; n > 2 {
		t.Errorf("%d instances where there is room for 2", n)
	}
}
