package spin_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
)

// The guests that read variables, and the functions by which each does.
var (
	variablesP2 = guest{path: "rust/variables-p2.wasm", lang: "rust"}
	variablesP3 = guest{path: "rust/variables-p3.wasm", lang: "rust", async: true}
)

// variablesManifest declares variables, and gives a component some of each kind.
const variablesManifest = minimal + `
[component.guest.variables]
url = "https://{{ host }}:{{port}}/{{ host }}"
plain = "{ no } template }}"
empty = ""
login = "ann:{{ password }}"
late = "{{ late }}"
down = "{{ down }}"

[variables]
host = { default = "example.com" }
port = { required = true }
password = { required = true, secret = true }
late = { required = true }
down = { default = "unused", secret = true }
`

// provider is a provider made of a function.
type provider func(ctx context.Context, name string) (string, bool, error)

func (p provider) Get(ctx context.Context, name string) (string, bool, error) { return p(ctx, name) }

const password = "correct horse"

// errLeaky is the error of a provider that tells more than it should.
var errLeaky = fmt.Errorf("cannot parse %q", password)

// vault is a provider that has no late and fails for down.
func vault(_ context.Context, name string) (string, bool, error) {
	if name == "down" {
		return "", false, errLeaky
	}
	return password, name == "password", nil
}

func loadVariables(t *testing.T, g guest, manifest string, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadBundle(t, bundle(manifest, map[string][]byte{"guest.wasm": g.wasm(t)}), func(c *spin.Config) {
		c.Variables = []variables.Provider{variables.Static(map[string]string{"port": "8443"}), provider(vault)}
		if configure != nil {
			configure(c)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// Guests of all versions see the same variables, and each outcome as the case that their
// version has for it.
func TestVariables(t *testing.T) {
	log := new(buffer)
	apps := map[string]*spin.App{}
	for prefix, g := range map[string]guest{"/v1": variablesP2, "/v3": variablesP3} {
		apps[prefix] = loadVariables(t, g, variablesManifest, func(c *spin.Config) { c.Logger = logTo(log, slog.LevelDebug) })
	}
	apps["/v2"], apps["/config"] = apps["/v1"], apps["/v1"]
	tests := []struct {
		name           string
		v1, v2, config string // the case of the answer; v3 is as v2
		text           string
	}{
		{"url", "ok", "ok", "ok", "https://example.com:8443/example.com"},
		{"plain", "ok", "ok", "ok", "{ no } template }}"},
		{"empty", "ok", "ok", "ok", ""},
		{"login", "ok", "ok", "ok", "ann:" + password},
		{"late", "other", "provider", "upstream", `no provider resolved required variable "late": write a default in [variables], or let a provider in Config.Variables have it`},
		{"down", "other", "provider", "upstream", `the provider of variable "down" failed: its message is withheld, as the variable is secret`},
		{"host", "provider", "undefined", "none", `no variable for "guest"."host": add it to [component.guest.variables]`},
		{"UPPER", "invalid-key", "invalid-name", "none", `"UPPER" is not a variable name: it must start with a lower-case letter`},
	}
	for _, tt := range tests {
		for path, answer := range map[string]string{"/v1": tt.v1, "/v2": tt.v2, "/v3": tt.v2, "/config": tt.config} {
			want := answer + ": " + tt.text
			if answer == "none" {
				want = "none"
			}
			if w := ask(apps[path], path+"?name="+tt.name); w.Code != 200 || w.Body.String() != want {
				t.Errorf("%s %s: %d %q, want %q", path, tt.name, w.Code, w.Body, want)
			}
		}
	}
	if !strings.Contains(log.String(), `level=WARN msg="variable was not resolved" component=guest error="the provider of variable \"down\" failed`) {
		t.Errorf("the log tells of no failure: %s", log)
	}
	if strings.Contains(log.String(), password) {
		t.Errorf("the log has a secret: %s", log)
	}
}

func TestAllVariables(t *testing.T) {
	failing := loadVariables(t, variablesP2, variablesManifest, nil)
	want := `upstream: the provider of variable "down" failed: its message is withheld, as the variable is secret`
	if w := ask(failing, "/config-all"); w.Body.String() != want {
		t.Errorf("%q, want %q", w.Body, want)
	}
	text := strings.NewReplacer("late = \"{{ late }}\"\n", "", "down = \"{{ down }}\"\n", "").Replace(variablesManifest)
	app := loadVariables(t, variablesP2, text, nil)
	want = "empty=\nlogin=ann:" + password + "\nplain={ no } template }}\nurl=https://example.com:8443/example.com\n"
	if w := ask(app, "/config-all"); w.Body.String() != want {
		t.Errorf("%q, want %q", w.Body, want)
	}
	none := loadVariables(t, variablesP2, minimal, nil)
	if w := ask(none, "/config-all"); w.Code != 200 || w.Body.Len() > 0 {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// Of several values that of the first provider counts, and each request sees what it is then.
func TestProvidersOfVariables(t *testing.T) {
	environment := map[string]string{}
	var mu sync.Mutex
	lookup := func(name string) (string, bool) {
		mu.Lock()
		defer mu.Unlock()
		v, ok := environment[name]
		return v, ok
	}
	file, err := variables.ParseDotenv([]byte("SPIN_VARIABLE_B=file\nSPIN_VARIABLE_C=file"), nil)
	if err != nil {
		t.Fatal(err)
	}
	text := minimal + "variables = { x = \"{{ a }} {{ b }} {{ c }} {{ d }}\" }\n[variables]\n"
	for _, name := range []string{"a", "b", "c", "d"} {
		text += name + " = { default = \"default\" }\n"
	}
	app := loadVariables(t, variablesP3, text, func(c *spin.Config) {
		c.Variables = []variables.Provider{variables.Static(map[string]string{"a": "static"}), variables.Environ("", lookup, file)}
	})
	for _, want := range []string{"static file file default", "static environment file default"} {
		if w := ask(app, "/v3?name=x"); w.Body.String() != "ok: "+want {
			t.Errorf("%q, want %q", w.Body, want)
		}
		mu.Lock()
		environment["SPIN_VARIABLE_A"], environment["SPIN_VARIABLE_B"] = "environment", "environment"
		mu.Unlock()
	}
}

// While a provider takes its time, others are served in the same instance; who leaves ends the
// provider's work.
func TestSlowProviderOfVariables(t *testing.T) {
	noGoroutines(t)
	entered, left, answer := make(chan struct{}, 2), make(chan error, 1), make(chan string)
	slow := provider(func(ctx context.Context, name string) (string, bool, error) {
		if name != "late" {
			return name, true, nil
		}
		entered <- struct{}{}
		select {
		case v := <-answer:
			return v, true, nil
		case <-ctx.Done():
			left <- ctx.Err()
			return "", false, ctx.Err()
		}
	})
	app := loadVariables(t, variablesP3, variablesManifest, func(c *spin.Config) {
		c.Variables = []variables.Provider{slow}
		c.Components = map[string]spin.ComponentConfig{"guest": {MaxInstances: 1}}
	})
	ctx, leave := context.WithCancel(context.Background())
	first, second := httptest.NewRecorder(), httptest.NewRecorder()
	var wg sync.WaitGroup
	for w, ctx := range map[*httptest.ResponseRecorder]context.Context{first: context.Background(), second: ctx} {
		wg.Go(func() {
			defer func() { _ = recover() }() // of http.ErrAbortHandler, if the client has left
			app.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/v3?name=late", nil))
		})
		<-entered
	}
	for path, want := range map[string]string{"/hello": "hello", "/v3?name=login": "ok: ann:password"} {
		if w := ask(app, path); w.Body.String() != want {
			t.Errorf("%s meanwhile: %d %q", path, w.Code, w.Body)
		}
	}
	eventually(t, "two calls of the host in one instance", func() bool {
		s := app.Stats()
		return s.Instances == 1 && s.HostCalls == 2
	})
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	answer <- "at last"
	wg.Wait()
	if first.Body.String() != "ok: at last" {
		t.Errorf("%d %q", first.Code, first.Body)
	}
}

// The older interfaces are not async: a guest that waits in them waits alone, in its own instance.
func TestSlowProviderOfVariablesInOtherInstances(t *testing.T) {
	entered, answer := make(chan struct{}, 2), make(chan string)
	slow := provider(func(ctx context.Context, name string) (string, bool, error) {
		if name != "late" {
			return name, true, nil
		}
		entered <- struct{}{}
		select {
		case v := <-answer:
			return v, true, nil
		case <-ctx.Done():
			return "", false, ctx.Err()
		}
	})
	app := loadVariables(t, variablesP2, variablesManifest, func(c *spin.Config) { c.Variables = []variables.Provider{slow} })
	for _, path := range []string{"/v1", "/v2", "/config"} {
		var wg sync.WaitGroup
		wg.Go(func() {
			if w := ask(app, path+"?name=late"); w.Body.String() != "ok: at last" {
				t.Errorf("%s: %d %q", path, w.Code, w.Body)
			}
		})
		<-entered
		if w := ask(app, path+"?name=login"); w.Body.String() != "ok: ann:password" {
			t.Errorf("%s meanwhile: %d %q", path, w.Code, w.Body)
		}
		answer <- "at last"
		wg.Wait()
	}
}

// A provider that panics ends the guest that asked, not the host.
func TestPanickingProviderOfVariables(t *testing.T) {
	app := loadVariables(t, variablesP2, variablesManifest, func(c *spin.Config) {
		c.Variables = []variables.Provider{provider(func(_ context.Context, name string) (string, bool, error) {
			if name == "late" {
				panic("oops")
			}
			return "x", true, nil
		})}
	})
	wantEmpty(t, ask(app, "/v2?name=late"), http.StatusInternalServerError)
	if w := ask(app, "/v2?name=login"); w.Body.String() != "ok: ann:x" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
}

// What is wrong with variables is told when the app is loaded, with its place: what stands in
// the manifest, and then what the configuration lacks, beside what else is wrong.
func TestFaultsOfVariables(t *testing.T) {
	declared := `
[variables]
host = { default = "example.com" }
key = { required = true, secret = true }
token = { required = true }
given = { required = true }
`
	tests := []struct {
		what, text string
		want       []string
		is         error
	}{
		{"templates", minimal + `
[component.guest.variables]
url = "https://{{ hots }}/"
open = "a {{ host"
` + declared, []string{
			`spin.toml:13:16: component.guest.variables.url: the application has no variable "hots": did you mean "host"? If not, add it to the table [variables]`,
			`spin.toml:14:11: component.guest.variables.open: "{{" has no "}}": write "{{ host }}"`,
		}, nil},
		{"required variables", replaced("guest.wasm", "gast.wasm") + declared, []string{
			`spin.toml:10:10: component "guest": source "gast.wasm": open gast.wasm: file does not exist; build the component, or correct the path`,
			`spin.toml:14:1: no provider resolved required variable "key": write a default in [variables], or set APP_KEY in the environment`,
			`spin.toml:15:1: no provider resolved required variable "token": write a default in [variables], or set APP_TOKEN in the environment`,
		}, variables.ErrUnresolved},
	}
	for _, tt := range tests {
		_, err := loadBundle(t, bundle(tt.text, nil), func(c *spin.Config) {
			c.Variables = []variables.Provider{
				variables.Static(map[string]string{"given": ""}),
				variables.Environ("APP", func(string) (string, bool) { return "", false }, nil),
			}
		})
		if want := strings.Join(tt.want, "\n"); err == nil || err.Error() != want || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: got\n%v\nwant\n%s", tt.what, err, want)
		}
	}
	_, err := loadBundle(t, bundle(minimal, nil), func(c *spin.Config) { c.Variables = []variables.Provider{nil} })
	if err == nil || err.Error() != "Config.Variables[0] is nil" {
		t.Errorf("a nil provider: %v", err)
	}
}

// An app whose providers cannot say what they have is started without asking them.
func TestProvidersAreNotAskedByLoad(t *testing.T) {
	loadVariables(t, variablesP2, variablesManifest, func(c *spin.Config) {
		c.Variables = []variables.Provider{provider(func(_ context.Context, name string) (string, bool, error) {
			t.Errorf("asked for %s", name)
			return "", false, nil
		})}
	})
}

// Nothing that an app is made of shows a secret by accident.
func TestAppsDoNotShowSecrets(t *testing.T) {
	text := strings.Replace(variablesManifest, "required = true, secret = true", `default = "`+password+`", secret = true`, 1)
	app := loadVariables(t, variablesP2, text, func(c *spin.Config) {
		c.Variables = append(c.Variables, variables.Static(map[string]string{"late": password}))
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			if s := fmt.Sprintf(verb, *c); strings.Contains(s, password) {
				t.Errorf("the configuration shows it: %s", s)
			}
		}
	})
	if w := ask(app, "/v2?name=late"); w.Body.String() != "ok: "+password {
		t.Errorf("%q", w.Body)
	}
}
