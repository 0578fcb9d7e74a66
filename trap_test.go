package spin_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The error of a call that traps names the line of the source.
func TestInvokeSaysWhereTheGuestTraps(t *testing.T) {
	folder := filepath.Join("testdata", "guests", "rust")
	wasm, err := os.ReadFile(filepath.Join(folder, "trap-dwarf5.wasm"))
	if err != nil {
		t.Fatal(err)
	}
	source, err := os.ReadFile(filepath.Join(folder, "trap", "src", "lib.rs"))
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(source), "// calls: inner\n")
	if !ok {
		t.Fatal("the source has no such line")
	}
	line := strconv.Itoa(strings.Count(before, "\n") + 1)
	const manifest = `spin_manifest_version = 2
[application]
name = "test"

[trigger]

[component.guest]
source = "guest.wasm"
`
	app, err := loadBundle(t, bundle(manifest, map[string][]byte{"guest.wasm": wasm}), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.Invoke(t.Context(), "guest", "test:places/places#calls", uint32(0x7fff0000))
	want := `^component "guest": guest trapped: out of bounds memory access \(test:places/places@1\.0\.0#calls of guest\)\n` +
		`\tat .* rust/trap/src/lib\.rs:` + line + `\n`
	if err == nil || !regexp.MustCompile(want).MatchString(err.Error()) {
		t.Errorf("got %v, want a match of %q", err, want)
	}
}
