package spin

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/spinhost/spin/engine"
)

// RuntimeConfig configures a Runtime. The zero value is usable.
type RuntimeConfig struct {
	// Instances is how many instances there is room for at once; 0 means 1000. Requests that
	// find none wait, but not for instances that are only kept for further requests: of these,
	// the one that has been idle for longest is ended, whichever app it is of.
	Instances int
	// Running is how many instances compute at once; 0 means twice the number of processors
	// that Go uses. Those that wait for something do not count.
	Running int
	// CacheDir is where compiled components are kept; "" means a directory of the user's
	// cache directory, "-" turns the cache off. Who can write to the directory can run code
	// in this process.
	CacheDir string
	// MaxMemory bounds each memory of a guest, in bytes; 0 means 4 GiB.
	MaxMemory int64
	// Ballast is how many bytes Go's garbage collector is to count as in use beyond what is,
	// so that it runs less often; 0 means 32 MiB, less than 0 none. The collector looks at Go's
	// heap, which is small, and not at the guests' memory, which is large: left alone, it
	// interrupts guests fifty times a second under load. The ballast is never touched and
	// takes no memory itself; garbage may grow to as much. A limit set with
	// debug.SetMemoryLimit counts it.
	Ballast int
}

const defaultBallast = 32 << 20

// cacheDir returns the folder that a setting names: "" is one in the user's cache directory, "-"
// is none, as it is where the user has no such directory.
func cacheDir(setting, name string) string {
	switch setting {
	case "-":
		return ""
	case "":
		user, err := os.UserCacheDir()
		if err != nil {
			return ""
		}
		return filepath.Join(user, "spin-go", name)
	}
	return setting
}

// Runtime compiles and runs guests. One serves all apps of a process: two have two pools of
// memory, which take much address space. It is safe for concurrent use.
type Runtime struct {
	e       *engine.Runtime
	closed  atomic.Bool
	ballast []byte

	parallel int // instances that can compute at once, as far as the machine goes
	idle     idlers
}

// NewRuntime makes a runtime, which the caller closes. Where the address space, or what the
// system allows of it, is too small for RuntimeConfig.Instances, it goes without a pool and makes
// instances more slowly. It fails if a setting is out of all bounds.
func NewRuntime(cfg RuntimeConfig) (*Runtime, error) {
	if cfg.Ballast == 0 {
		cfg.Ballast = defaultBallast
	}
	r := &Runtime{ballast: make([]byte, max(0, cfg.Ballast)), parallel: runtime.GOMAXPROCS(0)}
	if cfg.Running > 0 {
		r.parallel = min(r.parallel, cfg.Running)
	}
	var err error
	r.e, err = engine.NewRuntime(engine.Config{
		Instances: cfg.Instances, Running: cfg.Running, CacheDir: cacheDir(cfg.CacheDir, "code"), MaxMemory: cfg.MaxMemory,
		Reclaim: r.idle.endLongest,
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Close ends all instances that the runtime still runs, waits for that within ctx, and frees
// what it holds once its apps are closed too. Close them before: their requests in progress get
// 500, and later ones 503. Closing twice is harmless. The DefaultRuntime is others' too.
func (r *Runtime) Close(ctx context.Context) error {
	r.closed.Store(true)
	return r.e.Close(ctx)
}

var defaultRuntime = sync.OnceValues(func() (*Runtime, error) { return NewRuntime(RuntimeConfig{}) })

// DefaultRuntime returns the runtime of apps that are configured without one. It is made
// when it is first asked for, and lives as long as the process: the one global of this module.
// If it cannot be made the error is the same each time. It is safe for concurrent use.
func DefaultRuntime() (*Runtime, error) { return defaultRuntime() }
