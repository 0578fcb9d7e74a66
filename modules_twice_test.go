package spin_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/spinhost/spin"
)

// A module may import a function of the host twice, as those that Go's compiler makes do.
func TestModulesThatImportAFunctionTwice(t *testing.T) {
	yield := name("wasi_snapshot_preview1") + name("sched_yield") + "\x00\x00"
	wasm := "\x00asm\x01\x00\x00\x00" +
		section(1, "\x02\x60\x00\x01\x7f\x60\x00\x00") + // () -> i32, () -> ()
		section(2, "\x02"+yield+yield) +
		section(3, "\x01\x01") +
		section(5, "\x01\x00\x01") +
		section(7, "\x02"+name("memory")+"\x02\x00"+name("_start")+"\x00\x02") +
		section(10, "\x01\x08\x00\x10\x00\x1a\x10\x01\x1a\x0b") // calls both
	text := strings.Replace(minimal, "component = \"guest\"\n", "component = \"guest\"\nexecutor = { type = \"wagi\" }\n", 1)
	var log buffer
	app, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": []byte(wasm)}), func(c *spin.Config) { c.Logger = logTo(&log, slog.LevelInfo) })
	if err != nil {
		t.Fatal(err)
	}
	wantEmpty(t, ask(app, "/"), 500) // as the program prints nothing
	if strings.Contains(log.String(), "trap") || !strings.Contains(log.String(), "request failed") {
		t.Errorf("the log says %s", log.String())
	}
}
