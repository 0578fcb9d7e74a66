package spin_test

import (
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/internal/skiptest"
	"github.com/spinhost/spin/runtimeconfig"
)

func wantFile(t *testing.T, name, want string) {
	t.Helper()
	if b, err := os.ReadFile(name); err != nil || string(b) != want {
		t.Errorf("%s: %q, %v, want %q", name, b, err, want)
	}
}

// What a component prints goes to files, besides where it goes anyhow, one load after the other.
func TestLogDir(t *testing.T) {
	theirs, ours := filepath.Join(t.TempDir(), "a", "logs"), filepath.Join(t.TempDir(), "logs")
	for _, c := range []struct {
		name   string
		cfg    spin.Config
		dir    string
		before string
	}{
		{"the runtime configuration's", spin.Config{RuntimeConfig: configured(t, "", "log_dir = '"+theirs+"'")}, theirs, ""},
		{"again", spin.Config{RuntimeConfig: configured(t, "", "log_dir = '"+theirs+"'")}, theirs, "hi\n"},
		{"Config's", spin.Config{LogDir: ours, RuntimeConfig: configured(t, "", "log_dir = '"+theirs+"'")}, ours, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, err := &buffer{}, &buffer{}
			app := guestP3.mustLoad(t, func(cfg *spin.Config) {
				c.cfg.FS = cfg.FS
				*cfg = c.cfg
				cfg.Stdout, cfg.Stderr = func(string) io.Writer { return out }, func(string) io.Writer { return err }
			})
			if w := ask(app, "/stdout?text=hi"); w.Code != 204 {
				t.Fatal(w.Code)
			}
			closeApp(t, app)
			wantFile(t, filepath.Join(c.dir, "guest_stdout.txt"), c.before+"hi\n")
			wantFile(t, filepath.Join(c.dir, "guest_stderr.txt"), strings.ReplaceAll(c.before, "hi", "err:hi")+"err:hi\n")
			if out.String() != "hi\n" || err.String() != "err:hi\n" {
				t.Errorf("besides: %q, %q", out, err)
			}
		})
	}
}

func TestNoLogDir(t *testing.T) {
	dir, state := filepath.Join(t.TempDir(), "logs"), t.TempDir()
	for _, cfg := range []spin.Config{{StateDir: state}, {LogDir: "-", RuntimeConfig: configured(t, "", "log_dir = '"+dir+"'")}} {
		app := guestP3.mustLoad(t, func(c *spin.Config) {
			cfg.FS = c.FS
			*c = cfg
		})
		ask(app, "/stdout?text=hi")
		closeApp(t, app)
	}
	for _, name := range []string{dir, filepath.Join(state, "logs")} {
		if _, err := os.Stat(name); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is there", name)
		}
	}
}

func TestLogDirFaults(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	files := bundle(minimal, map[string][]byte{"guest.wasm": guestP3.wasm(t)})
	_, err := loadBundle(t, files, func(c *spin.Config) { c.RuntimeConfig = configured(t, "", "log_dir = '"+file+"'") })
	var placed *runtimeconfig.Error
	if !errors.As(err, &placed) || !strings.Contains(err.Error(), "rc.toml:1:1: log_dir: ") {
		t.Error(err)
	}
	if _, err = loadBundle(t, files, func(c *spin.Config) { c.LogDir = file }); err == nil || !strings.Contains(err.Error(), "Config.LogDir: ") {
		t.Error(err)
	}
	// A file that cannot be opened, and one that takes nothing: the guest does not notice.
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "guest_stdout.txt"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		skiptest.Lacking(t, err)
	}
	if err := os.Symlink("/dev/full", filepath.Join(dir, "guest_stderr.txt")); err != nil {
		skiptest.Lacking(t, err)
	}
	log := &buffer{}
	app := guestP3.mustLoad(t, func(c *spin.Config) { c.LogDir, c.Logger = dir, logTo(log, slog.LevelError) })
	for range 2 {
		if w := ask(app, "/stdout?text=hi"); w.Code != 204 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	closeApp(t, app)
	if n := strings.Count(log.String(), "is not kept any more"); n != 1 || strings.Count(log.String(), "is not kept\"") != 1 {
		t.Errorf("logged %s", log)
	}
}
