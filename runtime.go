package spin

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"github.com/spinhost/spin/engine"
)

// RuntimeConfig configures a Runtime. The zero value is usable.
type RuntimeConfig struct {
	// Instances is how many instances there is room for at once; 0 means 1000. Requests that
	// find none wait.
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
}

// Runtime compiles and runs guests. One serves all apps of a process: two have two pools of
// memory, which take much address space. It is safe for concurrent use.
type Runtime struct{ e *engine.Runtime }

// NewRuntime makes a runtime.
func NewRuntime(cfg RuntimeConfig) (*Runtime, error) {
	dir := cfg.CacheDir
	switch dir {
	case "-":
		dir = ""
	case "":
		if user, err := os.UserCacheDir(); err == nil { // without one there is no cache
			dir = filepath.Join(user, "spin-go", "code")
		}
	}
	e, err := engine.NewRuntime(engine.Config{
		Instances: cfg.Instances, Running: cfg.Running, CacheDir: dir, MaxMemory: cfg.MaxMemory,
	})
	if err != nil {
		return nil, err
	}
	return &Runtime{e}, nil
}

// Close ends all instances that the runtime still runs and frees what it holds. Close the
// apps before.
func (r *Runtime) Close(ctx context.Context) error { return r.e.Close(ctx) }

var defaultRuntime = sync.OnceValues(func() (*Runtime, error) { return NewRuntime(RuntimeConfig{}) })

// DefaultRuntime returns the runtime of apps that are configured without one. It is made
// when it is first asked for and lives as long as the process: the one global of this module.
func DefaultRuntime() (*Runtime, error) { return defaultRuntime() }
