package spin_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/manifest"
)

func TestLoadManifestOfVersion1(t *testing.T) {
	const old = `spin_manifest_version = "1"
name = "old"
trigger = { type = "http", base = "/" }

[[component]]
id = "the_guest"
source = "guest.wasm"
allowed_http_hosts = ["example.com"]
[component.trigger]
route = "/..."
`
	log := &buffer{}
	app, err := loadBundle(t, bundle(old, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
		c.Logger = logTo(log, slog.LevelWarn)
	})
	if err != nil {
		t.Fatal(err)
	}
	if w := ask(app, "/hello"); w.Code != 200 || app.Name() != "old" {
		t.Errorf("%d %q, name %q", w.Code, w.Body, app.Name())
	}
	if !strings.Contains(log.String(), `spin.toml:3:28: base = \"/\" has no effect any more`) {
		t.Errorf("logged %s", log)
	}
	if !strings.Contains(log.String(), "spin.toml:8:1: component[0].allowed_http_hosts: this key is replaced by allowed_outbound_hosts") {
		t.Errorf("logged %s", log)
	}
}

func TestLoadWithProfile(t *testing.T) {
	files := bundle(replaced("guest.wasm", "release.wasm")+"profile.debug.source = \"debug.wasm\"\n", map[string][]byte{"debug.wasm": guestP3.wasm(t)})
	for profile, want := range map[string]string{
		"debug": "",
		"":      `spin.toml:10:10: component "guest": source "release.wasm": open release.wasm: file does not exist; build the component, or correct the path`,
		"debgu": `spin.toml:1:1: no component defines the profile "debgu": choose one of "debug"`,
	} {
		_, err := loadBundle(t, files, func(c *spin.Config) { c.Profile = profile })
		if got := errorText(err); got != want {
			t.Errorf("%q: got %s", profile, got)
		}
	}
	_, err := spin.Load(context.Background(), "spin.toml", &spin.Config{FS: files, Profile: "debgu"})
	if !errors.Is(err, manifest.ErrProfile) {
		t.Errorf("got %v", err)
	}
}

func TestKeysThatDoNotConcernTheHostAreAccepted(t *testing.T) {
	text := strings.Replace(minimal, "name = \"test\"\n", `name = "test"
targets = ["spin-up:3.4"]
trigger.http.base = "/"
tool.editor = { theme = "dark" }
`, 1) + `exclude_files = ["*.md"]
ai_models = ["llama2-chat"]
targets = []
build.command = "make"
profile.debug.source = "debug.wasm"
tool.editor.theme = "light"
dependencies_inherit_configuration = true
`
	if _, err := loadBundle(t, bundle(text, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), nil); err != nil {
		t.Error(err)
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
