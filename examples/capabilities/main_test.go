package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var discard = slog.New(slog.DiscardHandler)

func TestReport(t *testing.T) {
	var out strings.Builder
	if err := run(t.Context(), "spin.toml", discard, &out); err != nil {
		t.Fatal(err)
	}
	const want = `counter: visit 1; banner: got hold of 0 things
counter: visit 2; banner: got hold of 0 things
counter: visit 3; banner: got hold of 0 things

app "shop"
  component "shop" (spin.toml:12:12)
    granted  environment       REGION   spin.toml:15:17
    granted  key_value_stores  default  spin.toml:14:21
    dependency "acme:visits/counter" (spin.toml:18:30), inherits key_value_stores
      allowed  fermyon:spin/key-value@2.0.0  key_value_stores  it inherits key_value_stores (spin.toml:20:26)
                 [method]store.get                             returned 3
                 [method]store.set                             returned 3
                 [static]store.open                            returned 3
    dependency "acme:banner/banner" (spin.toml:23:30), inherits nothing
      denied  wasi:cli/environment@0.2.6    environment       add inherit_configuration = ["environment"] to dependency "acme:banner/banner" (spin.toml:23:30)
                get-environment                               denied 3
      denied  fermyon:spin/key-value@2.0.0  key_value_stores  add inherit_configuration = ["key_value_stores"] to dependency "acme:banner/banner" (spin.toml:23:30)
                [static]store.open                            denied 3
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

// What the components see and the report says follows the manifest.
func TestManifestDecides(t *testing.T) {
	const trust = `inherit_configuration = ["key_value_stores"]`
	banner := `[component.shop.dependencies."acme:banner/banner"]` + "\n"
	for name, c := range map[string]struct {
		old, new string
		want     []string
	}{
		"counter is not trusted": {trust, "", []string{
			"counter: access denied; banner: got hold of 0 things\n", `"acme:visits/counter" (spin.toml:18:30), inherits nothing`, "[static]store.open denied 3"}},
		"counter may use what the component has not": {`key_value_stores = ["default"]`, "", []string{
			"counter: access denied;", "allowed fermyon:spin/key-value@2.0.0"}},
		"banner is trusted with one thing": {banner, banner + `inherit_configuration = ["environment"]` + "\n", []string{
			"banner: got hold of 1 things\n", "allowed wasi:cli/environment@0.2.6", "denied fermyon:spin/key-value@2.0.0", "get-environment returned 3"}},
		"banner is trusted with everything": {banner, banner + "inherit_configuration = true\n", []string{
			"counter: visit 3; banner: got hold of 2 things\n", `"acme:banner/banner" (spin.toml:23:30), inherits everything`}},
	} {
		t.Run(name, func(t *testing.T) {
			var out strings.Builder
			manifest := changed(t, c.old, c.new)
			if err := run(t.Context(), manifest, discard, &out); err != nil {
				t.Fatal(err)
			}
			got := strings.ReplaceAll(strings.Join(strings.Fields(out.String()), " "), manifest, "spin.toml")
			for _, want := range c.want {
				if !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
					t.Errorf("%q is not in\n%s", want, out.String())
				}
			}
		})
	}
}

// changed copies the manifest into another folder, with one piece of its text replaced.
func changed(t *testing.T, old, new string) string {
	t.Helper()
	text, err := os.ReadFile("spin.toml")
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		t.Fatalf("the manifest does not have %s", old)
	}
	s := strings.Replace(string(text), old, new, 1)
	s = strings.ReplaceAll(s, "../..", filepath.ToSlash(root))
	path := filepath.Join(t.TempDir(), "spin.toml")
	if err := os.WriteFile(path, []byte(s), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFails(t *testing.T) {
	if err := run(t.Context(), "none.toml", discard, io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := run(ctx, "spin.toml", discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := run(t.Context(), changed(t, `"../../testdata/guests/wat/shop.wasm"`, `"../../testdata/guests/wat/visits.wasm"`), discard, io.Discard); err == nil {
		t.Error("a component without the function is called")
	}
}
