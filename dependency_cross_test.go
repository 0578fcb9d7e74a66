package spin_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/capability"
	"github.com/spinhost/spin/engine/value"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// tryFile is the component of testdata/guests/wat/try that tries an interface.
func tryFile(id string) string {
	return "try/" + strings.NewReplacer(":", "-", "/", "-", "@", "-", ".", "-").Replace(id) + ".wasm"
}

// triedIDs lists the interfaces of the table, each version on its own.
func triedIDs() (ids []string) {
	for _, row := range triedInterfaces {
		ids = append(ids, strings.Fields(row.ids)...)
	}
	return ids
}

const tryHead = "spin_manifest_version = 2\n[application]\nname = \"crossed\"\n[trigger]\n[variables]\ndefault = { default = \"value\" }\n"

// tryComponent is a component that may use everything, with its source and its dependencies.
const tryComponent = `[component.%s]
source = %q
files = [{ source = "try", destination = "/" }]
environment = { ONE = "1", TWO = "2" }
key_value_stores = ["default"]
sqlite_databases = ["default"]
ai_models = ["default"]
allowed_outbound_hosts = ["*://*:*"]
[component.%[1]s.variables]
default = "{{ default }}"
[component.%[1]s.dependencies]
%[3]s
`

// tryFS has a manifest with a component for each id, which has a dependency that tries it; inherit is the value of
// inherit_configuration, empty for none, or "own" to have the component itself try.
func tryFS(t testing.TB, inherit string, ids ...string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{}
	read := func(name string) {
		wasm, err := os.ReadFile("testdata/guests/wat/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: wasm}
	}
	read("trymain.wasm")
	toml := tryHead
	for k, id := range ids {
		read(tryFile(id))
		source, dependency := "trymain.wasm", fmt.Sprintf(`"acme:try/calls" = { path = %q, inherit_configuration = %s }`, tryFile(id), inherit)
		switch inherit {
		case "own":
			source, dependency = tryFile(id), ""
		case "":
			dependency = fmt.Sprintf(`"acme:try/calls" = { path = %q }`, tryFile(id))
		}
		toml += fmt.Sprintf(tryComponent, fmt.Sprintf("x%d", k), source, dependency)
	}
	files["spin.toml"] = &fstest.MapFile{Data: []byte(toml)}
	return files
}

// silent answers every request.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
}

// nowhere finds no address for a name.
func nowhere(_ context.Context, name string) ([]netip.Addr, error) {
	return nil, &net.DNSError{Err: "no such host", Name: name, IsNotFound: true}
}

// recordingAll returns the host interfaces, with recording ones in place of those that are stand-ins. Those that
// belong to a capability set must be in the table.
func (r *reached) recordingAll(t testing.TB) hostapi.Registry {
	t.Helper()
	r.calls = map[string]int{}
	apis := spin.DefaultHostAPIs().With(sockets.InterfacesWith(sockets.Options{Lookup: nowhere})...)
	for _, i := range apis.Interfaces() {
		if i.Bind != nil {
			continue
		}
		if answers, resources := triedAnswers(i.ID); answers != nil {
			apis = apis.With(r.host(i.ID, i.Capability, resources, answers))
		}
	}
	return apis
}

// triedAnswers is what a recording host answers to the calls of the table.
func triedAnswers(id string) (answers map[string]any, resources []string) {
	for _, row := range triedInterfaces {
		for _, tried := range strings.Fields(row.ids) {
			if !sameTrack(id, tried) {
				continue
			}
			if answers == nil {
				answers, resources = map[string]any{}, strings.Fields(row.resources)
			}
			for _, c := range row.calls {
				answers[c.function] = c.answer
			}
		}
	}
	return answers, resources
}

func sameTrack(a, b string) bool {
	x, err := capability.ParseInterfaceID(a)
	y, err2 := capability.ParseInterfaceID(b)
	return err == nil && err2 == nil && x.Compatible(y)
}

// tryCall makes a call and returns what became of it, in the notation of the table, and the error if it trapped.
func tryCall(t testing.TB, app *spin.App, component, export string, which ...any) (string, error) {
	t.Helper()
	got, err := app.Invoke(t.Context(), component, export+"#try", which...)
	if err != nil {
		if !errors.Is(err, spin.ErrTrap) {
			t.Fatal(err)
		}
		return "trap", err
	}
	pair := got.(value.Tuple)
	return strings.TrimSpace(fmt.Sprintf("%d %s", pair[0], pair[1])), nil
}

func TestEveryInterfaceIsDeniedUnlessItsSetIsInherited(t *testing.T) {
	ids := triedIDs()
	rt := newTryRuntime(t)
	inherits := []string{"own", "", "true", "false", "[]"}
	for _, set := range capability.Sets() {
		inherits = append(inherits, `["`+set+`"]`)
	}
	for _, inherit := range inherits {
		t.Run(inherit, func(t *testing.T) {
			var r reached
			app := loadTry(t, tryFS(t, inherit, ids...), spin.Config{Runtime: rt, HostAPIs: r.recordingAll(t)})
			k := 0
			for _, row := range triedInterfaces {
				for _, id := range strings.Fields(row.ids) {
					allowed := inherit == "own" || inherit == "true" || inherit == `["`+row.set+`"]`
					c := crossed{t: t, app: app, r: &r, component: fmt.Sprintf("x%d", k), id: id, own: inherit == "own", allowed: allowed}
					c.ask = func(k int, _ triedCall) (string, error) { return tryCall(t, app, c.component, c.export(), uint32(k)) }
					c.check(row)
					k++
				}
			}
		})
	}
}

// crossed is one interface, tried by a dependency or by a component itself.
type crossed struct {
	t             *testing.T
	app           *spin.App
	r             *reached
	component, id string
	own, allowed  bool
	ask           func(k int, c triedCall) (string, error) // makes the call
	unwraps       bool                                     // the guest traps by itself if it gets no resource
}

// export is the interface by which the guest is asked.
func (c *crossed) export() string {
	if c.own {
		return "acme:try/calls"
	}
	return "acme:main/calls"
}

func (c *crossed) check(row triedInterface) {
	name, _, _ := strings.Cut(c.id, "@")
	for k, call := range row.calls {
		if !call.in(c.id) {
			continue
		}
		before := c.count()
		want := call.allowed
		if !c.allowed {
			want = strings.ReplaceAll(call.denied, "MSG", `"`+name+`" is not permitted`)
		}
		got, err := c.ask(k, call)
		if got != want {
			c.t.Errorf("%s %s: got %q (%v), want %q", c.id, call.function, got, err, want)
			continue
		}
		if !c.allowed && c.count() != before {
			c.t.Errorf("%s %s: the host was reached: %v", c.id, call.function, c.r.calls)
		}
		if !c.unwraps || want != "trap" {
			c.checkUse(call, row.set, err)
		}
	}
}

// count is how many calls of the part have reached recording hosts of the set's interfaces.
func (c *crossed) count() (n int) {
	c.r.mu.Lock()
	defer c.r.mu.Unlock()
	for call, count := range c.r.calls {
		who, _, _ := strings.Cut(call, " ")
		if component, _, _ := strings.Cut(who, "/"); component == c.component {
			n += count
		}
	}
	return n
}

// checkUse looks the call up in the report on the app.
func (c *crossed) checkUse(call triedCall, set string, err error) {
	var use *capability.InterfaceUse
	for _, p := range c.app.Capabilities().Components {
		if p.Name != c.component {
			continue
		}
		if !c.own {
			p = p.Dependencies[0]
		}
		for k := range p.Interfaces {
			if p.Interfaces[k].ID == c.id {
				use = &p.Interfaces[k]
			}
		}
	}
	if use == nil || use.Set != set || use.Allowed != c.allowed {
		c.t.Errorf("%s: reported as %+v", c.id, use)
		return
	}
	function := call.function
	if !c.allowed && call.before != "" {
		function = call.before
	}
	reported := map[bool]bool{} // by whether it was denied
	for _, n := range use.Calls {
		if n.Function == function {
			reported[n.Outcome == "denied"] = true
		}
	}
	var grant *capability.GrantError
	switch {
	case c.allowed && (reported[true] || !reported[false] && call.allowed != "trap"):
		c.t.Errorf("%s %s: reported as denied, or not at all: %+v", c.id, call.function, use.Calls)
	case !c.allowed && (reported[false] || !reported[true]):
		c.t.Errorf("%s %s: not reported as denied: %+v", c.id, call.function, use.Calls)
	case !c.allowed && err != nil && (!errors.As(err, &grant) || grant.Set != set || !sameTrack(grant.Interface, c.id)):
		c.t.Errorf("%s %s: trapped by %v", c.id, call.function, err)
	}
}

// Every interface that belongs to a set, and every version that the host has, must be in the table.
func TestEveryInterfaceOfASetIsTried(t *testing.T) {
	ids := triedIDs()
	has := func(id string, same func(a, b string) bool) bool {
		for _, tried := range ids {
			if same(id, tried) {
				return true
			}
		}
		return false
	}
	for _, set := range capability.Sets() {
		for _, name := range capability.InterfacesOf(set) {
			if !has(name, func(a, b string) bool { return strings.HasPrefix(b+"@", a+"@") }) {
				t.Errorf("nothing tries %s", name)
			}
		}
	}
	for _, i := range spin.DefaultHostAPIs().Interfaces() {
		set, _ := capability.SetOf(i.ID)
		if set != i.Capability {
			t.Errorf("%s is said to be of %q, but belongs to %q", i.ID, i.Capability, set)
		}
		if set == "" && !capability.Ambient(i.ID) && !strings.HasPrefix(i.ID, "wasi:http/handler") {
			t.Errorf("%s belongs to no set, and carries a capability", i.ID)
		}
		if set != "" && !has(i.ID, func(a, b string) bool { return a == b }) {
			t.Errorf("nothing tries %s", i.ID)
		}
	}
	for _, row := range triedInterfaces {
		for _, id := range strings.Fields(row.ids) {
			if set, _ := capability.SetOf(id); set != row.set {
				t.Errorf("%s is of %q, want %q", id, set, row.set)
			}
		}
	}
}

func newTryRuntime(t testing.TB) *spin.Runtime {
	t.Helper()
	rt, err := spin.NewRuntime(spin.RuntimeConfig{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = rt.Close(t.Context()) })
	return rt
}

func loadTry(t testing.TB, files fstest.MapFS, cfg spin.Config) *spin.App {
	t.Helper()
	cfg.FS, cfg.HTTP = files, silent{}
	app, err := spin.Load(t.Context(), "spin.toml", &cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeApp(t, app) })
	return app
}
