package locked_test

import (
	"errors"
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

var update = flag.Bool("update", false, "write testdata/*.lock anew")

func readManifest(t *testing.T, text, profile string) *manifest.Manifest {
	t.Helper()
	m, err := manifest.Parse("spin.toml", []byte(text), &manifest.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// options lock what bakery.toml leaves open: what is fetched lies in a cache, and
// files are mounted as they are.
func options() locked.Options {
	return locked.Options{
		Dir: "/srv/bakery", Origin: "file:///srv/bakery/spin.toml",
		Fetch: func(s manifest.Source) (locked.Content, error) {
			if s.URL != "" {
				return locked.Content{Source: s.URL, Digest: s.Digest}, nil
			}
			return locked.FileContent("/cache/" + s.Package + "@" + s.Version), nil
		},
		Files: func(c *manifest.Component) ([]locked.Mount, error) {
			var mounts []locked.Mount
			for _, f := range c.Files {
				mounts = append(mounts, locked.Mount{Content: locked.FileContent("/srv/bakery/" + f.Source.Value), Path: f.Destination.Value})
			}
			return mounts, nil
		},
	}
}

func lock(t *testing.T, m *manifest.Manifest, opts locked.Options) *locked.App {
	t.Helper()
	a, err := locked.FromManifest(m, opts)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestFromManifest(t *testing.T) {
	for _, profile := range []string{"", "debug"} {
		name := "locked" + profile + ".lock"
		got := marshal(t, lock(t, readManifest(t, string(golden(t, "bakery.toml")), profile), options()))
		if *update {
			if err := os.WriteFile("testdata/"+name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want := string(golden(t, name)); got != want {
			t.Errorf("%s: wrote\n%s", name, got)
		}
	}
}

// What is locked, brought into a manifest and locked again is the same.
func TestThereAndBack(t *testing.T) {
	for _, profile := range []string{"", "debug"} {
		a := lock(t, readManifest(t, string(golden(t, "bakery.toml")), profile), options())
		for _, dir := range []string{"", "/", "/srv/bakery", "/srv/bakery/"} {
			m, err := a.Manifest(locked.ManifestOptions{Dir: dir})
			if err != nil {
				t.Fatal(err)
			}
			opts := options()
			opts.Dir = dir
			opts.Files = func(c *manifest.Component) ([]locked.Mount, error) {
				var mounts []locked.Mount
				for _, f := range c.Files {
					source := f.Source.Value
					if !strings.HasPrefix(source, "/") {
						source = strings.TrimSuffix(dir, "/") + "/" + source
					}
					mounts = append(mounts, locked.Mount{Content: locked.FileContent(source), Path: f.Destination.Value})
				}
				return mounts, nil
			}
			again := lock(t, m, opts)
			if !reflect.DeepEqual(parse(t, marshal(t, again)), parse(t, marshal(t, a))) {
				text, _ := a.TOML(locked.ManifestOptions{Dir: dir})
				t.Errorf("in %q: locked\n%s\nas\n%s\nand again\n%s", dir, marshal(t, a), text, marshal(t, again))
			}
			if m.Profile != profile {
				t.Errorf("profile %q", m.Profile)
			}
		}
	}
}

func TestNothingToLock(t *testing.T) {
	a := lock(t, readManifest(t, "spin_manifest_version = 2\napplication.name = \"x\"\n[trigger]\n", ""), locked.Options{})
	const want = `{
  "spin_lock_version": 0,
  "metadata": {
    "name": "x",
    "triggers": {}
  },
  "triggers": [],
  "components": []
}
`
	if got := marshal(t, a); got != want {
		t.Errorf("wrote %s", got)
	}
	m, err := parse(t, want).Manifest(locked.ManifestOptions{})
	if err != nil || m.Application.Name != "x" || len(m.Triggers)+len(m.Components) != 0 {
		t.Errorf("got %+v, %v", m, err)
	}
}

const oneComponent = "spin_manifest_version = 2\napplication.name = \"x\"\n[[trigger.http]]\ncomponent = \"c\"\n[component.c]\nsource = \"c.wasm\"\n"

// The command is the one key that a build table has to have.
func TestLockedBuildWithoutCommands(t *testing.T) {
	text := marshal(t, lock(t, readManifest(t, oneComponent+"build.command = []\n", ""), options()))
	if !strings.Contains(text, `"command": []`) {
		t.Errorf("wrote %s", text)
	}
	if _, err := parse(t, text).Manifest(locked.ManifestOptions{}); err != nil {
		t.Error(err)
	}
}

// Calls of other components have to be allowed by host and app.
func TestLockedRequirements(t *testing.T) {
	for hosts, want := range map[string]bool{
		`"http://x.spin.internal"`: true, `"http://*.spin.internal"`: true, `"*://*:*"`: false,
		`"https://example.com"`: false, `"http://{{ x }}.spin.internal"`: false,
	} {
		a := lock(t, readManifest(t, oneComponent+"allowed_outbound_hosts = ["+hosts+"]\n[variables]\nx.required = true\n", ""), locked.Options{Dir: "/srv"})
		if got := a.Components[0].HostRequirements.Has(locked.ServiceChaining); got != want {
			t.Errorf("%s: %v", hosts, got)
		}
		if got := strings.Contains(marshal(t, a), `"spin_lock_version": 1`); got != want {
			t.Errorf("%s: version 1 is %v", hosts, got)
		}
	}
}

// Middleware stays in its order, outermost first, and with other roles.
func TestLockedMiddleware(t *testing.T) {
	const route = "[[trigger.http]]\nid = \"%s\"\nroute = \"/%s\"\ncomponent = \"c\"\n"
	const c = "[component.c]\nsource = \"/c.wasm\"\n"
	entry := func(id, dependencies string) string {
		return strings.ReplaceAll(route, "%s", id) + dependencies + "\n"
	}
	tests := []struct{ name, text, want string }{
		{"order", entry("t", `dependencies.middleware = [{ path = "/m1" }, { path = "/m2" }]`),
			"t=c\nc middleware:/m1/m2 http required"},
		{"two routes", entry("t", `dependencies.middleware = [{ path = "/m1" }]`) + entry("u", `dependencies.middleware = [{ path = "/m2" }]`),
			"t=c-for-t\nu=c-for-u\nc  <nil>\nc-for-t middleware:/m1 http required\nc-for-u middleware:/m2 http required"},
		{"one of two routes", entry("t", "") + entry("u", `dependencies.middleware = [{ path = "/m" }]`),
			"t=c\nu=c-for-u\nc  <nil>\nc-for-u middleware:/m http required"},
		{"another role", entry("t", `dependencies.other = [{ path = "/x.wasm" }]`), "t=c\nc other:/x.wasm http <nil>"},
		{"no dependencies", entry("t", `dependencies.middleware = []`), "t=c\nc  <nil>"},
	}
	for _, test := range tests {
		m := readManifest(t, "spin_manifest_version = 2\napplication.name = \"x\"\n"+test.text+c, "")
		a := lock(t, m, locked.Options{})
		if got := wiring(a); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.name, got, test.want)
		}
		back, err := a.Manifest(locked.ManifestOptions{})
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		if got := wiring(lock(t, back, locked.Options{})); got != test.want {
			t.Errorf("%s: back from the lock\n%s", test.name, got)
		}
	}
	m := readManifest(t, "spin_manifest_version = 2\napplication.name = \"x\"\n"+entry("t", `dependencies.middleware = [{ path = "/m", inherit_configuration = ["key_value_stores"] }, { path = "/n", inherit_configuration = true }]`)+c, "")
	list := lock(t, m, locked.Options{}).Components[0].TriggerDependencies["middleware"]
	if !reflect.DeepEqual(list[0].Inherit, locked.Inherit{Sets: []string{"key_value_stores"}}) || !list[1].Inherit.All {
		t.Errorf("got %+v", list)
	}
}

func TestLockedTriggerSettings(t *testing.T) {
	const text = "spin_manifest_version = 2\napplication.name = \"x\"\n[application.trigger.redis]\naddress = \"redis://a\"\n[[trigger.redis]]\nchannel = \"c\"\n"
	a := lock(t, readManifest(t, text, ""), locked.Options{})
	want := locked.Values{"address": "redis://a", "type": "redis"}
	if got := a.Metadata.Object("trigger"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if got, _ := a.TriggerSettings("redis"); !reflect.DeepEqual(got, locked.Values{"address": "redis://a"}) {
		t.Errorf("got %v", got)
	}
	a = lock(t, readManifest(t, text+"[[trigger.http]]\nroute = \"/\"\nstatic_response = {}\n", ""), locked.Options{})
	if a.Metadata.Has("trigger") {
		t.Errorf("the form for one type is there for two: %v", a.Metadata)
	}
}

// JSON has no dates and times: they are text in it.
func TestLockedDates(t *testing.T) {
	const text = "spin_manifest_version = 2\napplication.name = \"x\"\n[[trigger.cron]]\nat = 2026-01-02T03:04:05.5Z\ndates = [2026-01-02, 03:04:05, 2026-01-02T03:04:05]\n[trigger.cron.components]\n"
	got := lock(t, readManifest(t, text, ""), locked.Options{}).Triggers[0].Config
	want := locked.Values{"at": "2026-01-02T03:04:05.5Z", "dates": []any{"2026-01-02", "03:04:05", "2026-01-02T03:04:05"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

// The components of a trigger besides the one that it runs are not locked; nor is what hosts do not need.
func TestWhatIsNotLocked(t *testing.T) {
	text := marshal(t, lock(t, readManifest(t, `spin_manifest_version = 2
application = { name = "x", targets = ["unlocked"], tool.unlocked = {} }
[[trigger.http]]
component = "c"
components.unlocked = "c"
[component.c]
source = "/c.wasm"
exclude_files = ["unlocked"]
targets = ["unlocked"]
tool.unlocked = {}
profile.unlocked.source = "unlocked"
`, ""), locked.Options{}))
	if strings.Contains(text, "unlocked") || !strings.Contains(text, `"component": "c"`) {
		t.Errorf("wrote %s", text)
	}
}

func TestFromManifestErrors(t *testing.T) {
	down := errors.New("the registry is down")
	tests := []struct {
		name, text string
		opts       locked.Options
		want       string
		err        error
	}{
		{"no folder", oneComponent, locked.Options{}, `spin.toml:6:10: the path "c.wasm" is relative: missing option: set Options.Dir`, locked.ErrOption},
		{"no files", oneComponent + `files = ["x"]`, locked.Options{Dir: "/"}, `spin.toml:7:1: component "c" has files: missing option: set Options.Files`, locked.ErrOption},
		{"files", oneComponent + `files = ["x"]`, locked.Options{Dir: "/", Files: func(*manifest.Component) ([]locked.Mount, error) { return nil, down }},
			"spin.toml:7:1: the registry is down", down},
		{"no registry", oneComponent + `dependencies."a:b" = "1"`, locked.Options{Dir: "/"}, `spin.toml:7:22: "a:b@1" is not a local file: missing option: set Options.Fetch`, locked.ErrOption},
		{"registry", oneComponent + `dependencies."a:b" = "1"`, locked.Options{Dir: "/", Fetch: func(manifest.Source) (locked.Content, error) { return locked.Content{}, down }},
			"spin.toml:7:22: the registry is down", down},
		{"dependencies of a dependency", oneComponent + "dependencies.a = { component = \"d\" }\n[component.d]\nsource = \"/d\"\ndependencies.b = { path = \"/b\" }\n", locked.Options{Dir: "/"},
			"spin.toml:7:14: the dependency is a component with dependencies of its own, which locked apps cannot say: compose the two", nil},
		{"infinite", "trigger.cron = [{ x = { y = [inf] } }]\n" + oneComponent, locked.Options{Dir: "/"}, `spin.toml:1:19: "x": value cannot be locked: JSON has no +Inf`, locked.ErrValue},
	}
	for _, test := range tests {
		text := test.text
		if strings.HasPrefix(text, "trigger.cron") {
			text = strings.Replace(text, "[[trigger.http]]\ncomponent = \"c\"\n", "", 1)
		}
		a, err := locked.FromManifest(readManifest(t, text, ""), test.opts)
		var fault *locked.ManifestError
		if !errors.As(err, &fault) || test.err != nil && !errors.Is(err, test.err) || a != nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}
