package spin_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/capability"
)

// rustFS has a manifest with one component, the dependency of which calls all interfaces; inherit is as for tryFS.
func rustFS(t testing.TB, inherit string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"try/one.txt": &fstest.MapFile{Data: []byte("1")}}
	for name, path := range map[string]string{"main.wasm": "wat/triesmain.wasm", "tries.wasm": "rust/tries.wasm"} {
		wasm, err := os.ReadFile("testdata/guests/" + path)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: wasm}
	}
	source, dependency := "main.wasm", fmt.Sprintf(`"acme:tries/calls" = { path = "tries.wasm", inherit_configuration = %s }`, inherit)
	switch inherit {
	case "own":
		source, dependency = "tries.wasm", ""
	case "":
		dependency = `"acme:tries/calls" = { path = "tries.wasm" }`
	}
	files["spin.toml"] = &fstest.MapFile{Data: []byte(tryHead + fmt.Sprintf(tryComponent, "all", source, dependency))}
	return files
}

// newest is the newest of the versions that are compatible with id, which is all that wit-component leaves in a guest.
func newest(id string, ids []string) bool {
	for k, other := range ids {
		if other == id {
			return !later(id, ids[k+1:])
		}
	}
	return false
}

// later reports whether one of ids, which are in order, serves for id too.
func later(id string, ids []string) bool {
	for _, other := range ids {
		if sameTrack(id, other) {
			return true
		}
	}
	return false
}

// One dependency, made by Rust's tools, calls all interfaces in the newest version of each track.
func TestRustDependencyIsDeniedUnlessItsSetIsInherited(t *testing.T) {
	rt := newTryRuntime(t)
	inherits := []string{"own", "", "true", "false", "[]"}
	for _, set := range capability.Sets() {
		inherits = append(inherits, `["`+set+`"]`)
	}
	for _, inherit := range inherits {
		t.Run(inherit, func(t *testing.T) {
			var r reached
			app := loadTry(t, rustFS(t, inherit), spin.Config{Runtime: rt, HostAPIs: r.recordingAll(t)})
			export := "acme:main/calls"
			if inherit == "own" {
				export = "acme:tries/calls"
			}
			for _, row := range triedInterfaces {
				ids := strings.Fields(row.ids)
				for _, id := range ids {
					if !newest(id, ids) {
						continue
					}
					c := crossed{t: t, app: app, r: &r, component: "all", id: id, own: inherit == "own", unwraps: true}
					c.allowed = inherit == "own" || inherit == "true" || inherit == `["`+row.set+`"]`
					c.ask = func(_ int, call triedCall) (string, error) {
						return tryCall(t, app, "all", export, id, call.function)
					}
					c.check(row)
				}
			}
		})
	}
}
