package target_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/target"
)

const storeWIT = `package acme:store@0.2.6;
interface types { record pair { key: string, value: string } resource cursor { next: func() -> option<string>; } }
interface store { use types.{pair, cursor}; get: func(key: string) -> option<pair>; every: func() -> cursor; }
interface run { run: func() -> result; }
interface watch { use types.{cursor}; resource eye { constructor(); see: func(c: borrow<cursor>); } }
world first { import store; import now: func() -> u64; export run; }
world second { import store; export watch; export stop: func(); }
`

// environment makes one whose triggers have the worlds of storeWIT with these names.
func environment(t *testing.T, name string, triggers map[string]string) *target.Environment {
	t.Helper()
	text := "triggers = {}\n"
	if len(triggers) > 0 {
		text = ""
	}
	for trigger, worlds := range triggers {
		header := "[triggers." + trigger + "]\n"
		if trigger == "default" {
			header = "triggers = {}\n[default]\n"
		}
		text += header + "worlds = ["
		worlds, capabilities, _ := strings.Cut(worlds, "|")
		for _, w := range strings.Fields(worlds) {
			text += `{ path = "wit", world = "acme:store/` + w + `" },`
		}
		text += "]\ncapabilities = [" + capabilities + "]\n"
	}
	l := target.Loader{FS: fstest.MapFS{name + ".toml": {Data: []byte(text)}, "wit/store.wit": {Data: []byte(storeWIT)}}}
	e, err := l.Load(t.Context(), target.Reference{Path: name + ".toml"})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func function(name, signature string) target.Extern {
	return target.Extern{Name: name, Kind: "function", Type: signature}
}

func instance(name string, items ...target.Extern) target.Extern {
	return target.Extern{Name: name, Kind: "instance", Items: items}
}

func types(names ...string) []target.Extern {
	var list []target.Extern
	for _, name := range names {
		list = append(list, target.Extern{Name: name, Kind: "type"})
	}
	return list
}

var (
	get   = function("get", "func(key:string)->option<record{key:string,value:string}>")
	every = function("every", "func()->own<acme:store/types@0.2.1#cursor>")
	runFn = function("run", "func()->result")
	run   = instance("acme:store/run@0.2.0", runFn)
	watch = instance("acme:store/watch@0.2.6", append(types("eye"), function("[constructor]eye", "func()->own<acme:store/watch@0.2.6#eye>"),
		function("[method]eye.see", "func(self:borrow<acme:store/watch@0.2.6#eye>,c:borrow<acme:store/types@0.2.6#cursor>)"))...)
	stop = function("stop", "func()")
)

func TestConform(t *testing.T) {
	tests := []struct {
		name             string
		imports, exports []target.Extern
		want             string // a part of the reasons against the first world; empty if it fits
	}{
		{"all", []target.Extern{instance("acme:store/types@0.2.0", types("pair", "cursor")...), instance("acme:store/store@0.2.9", append(types("pair", "cursor"), get, every)...),
			function("now", "func()->u64")}, []target.Extern{run}, ""},
		{"nothing but the export", nil, []target.Extern{run, stop, instance("x:y/z")}, ""},
		{"import", []target.Extern{instance("acme:store/stores@0.2.6")}, []target.Extern{run}, `it imports "acme:store/stores@0.2.6", which the world does not: remove what uses it`},
		{"import of another version", []target.Extern{instance("acme:store/store@0.3.0")}, []target.Extern{run}, `it imports "acme:store/store@0.3.0", which the world does not: remove what uses it, or build the component with an SDK that uses "acme:store/store@0.2.6"`},
		{"import of a prerelease", []target.Extern{instance("acme:store/store@0.2.6-rc.1")}, []target.Extern{run}, `it imports "acme:store/store@0.2.6-rc.1"`},
		{"import without version", []target.Extern{instance("acme:store/store")}, []target.Extern{run}, `it imports "acme:store/store", which`},
		{"function of an import", []target.Extern{instance("acme:store/store@0.2.6", function("put", "func()"))}, []target.Extern{run}, `it imports the function "acme:store/store@0.2.6#put", which "acme:store/store@0.2.6" of the world does not have`},
		{"type that nothing uses", []target.Extern{instance("acme:store/store@0.2.6", types("triple")...)}, []target.Extern{run}, ""},
		{"type of a function", []target.Extern{instance("acme:store/store@0.2.6", function("get", "func(key:string)->option<string>"))}, []target.Extern{run},
			`it imports the function "acme:store/store@0.2.6#get" with the type func(key:string)->option<string>, and in the world it has the type func(key:string)->option<record{key:string,value:string}>`},
		{"async", []target.Extern{function("now", "async func()->u64")}, []target.Extern{run}, `it imports the function "now" with the type async func()->u64`},
		{"resource of another interface", []target.Extern{instance("acme:store/store@0.2.6", function("every", "func()->own<acme:store/other@0.2.6#cursor>"))}, []target.Extern{run}, `it imports the function "acme:store/store@0.2.6#every" with the type`},
		{"resource of another version", []target.Extern{instance("acme:store/store@0.2.6", function("every", "func()->own<acme:store/types@0.3.0#cursor>"))}, []target.Extern{run}, `it imports the function "acme:store/store@0.2.6#every" with the type`},
		{"type that was cut off", []target.Extern{instance("acme:store/store@0.2.6", function("get", "func(key:string)->option<rec…"))}, []target.Extern{run}, ""},
		{"other type that was cut off", []target.Extern{instance("acme:store/store@0.2.6", function("get", "func(key:string)->option<str…"))}, []target.Extern{run}, `it imports the function "acme:store/store@0.2.6#get" with the type`},
		{"long type", []target.Extern{function("now", "func("+strings.Repeat("a", 400)+":u8)->u64")}, []target.Extern{run}, `it imports the function "now" with the type func(` + strings.Repeat("a", 295) + "..., and"},
		{"kind of an import", []target.Extern{instance("now")}, []target.Extern{run}, `it imports "now" as an interface, and in the world that is a function`},
		{"module", []target.Extern{{Name: "acme:store/store@0.2.6", Kind: "core module"}}, []target.Extern{run}, `it imports "acme:store/store@0.2.6" as a core module, and in the world that is an interface`},
		{"export", nil, nil, `it does not export "acme:store/run@0.2.6": export it`},
		{"export of another version", nil, []target.Extern{instance("acme:store/run@0.3.0", runFn)}, `it does not export "acme:store/run@0.2.6"`},
		{"function of an export", nil, []target.Extern{instance("acme:store/run@0.2.6")}, `its export "acme:store/run@0.2.6" does not have the function "run": add it`},
		{"type of an export", nil, []target.Extern{instance("acme:store/run@0.2.6", function("run", "func()"))}, `it exports the function "acme:store/run@0.2.6#run" with the type func(), and in the world it has the type func()->result`},
		{"kind of an export", nil, []target.Extern{function("acme:store/run@0.2.6", "func()")}, `it exports "acme:store/run@0.2.6" as a function, and in the world that is an interface`},
	}
	e := environment(t, "shop", map[string]string{"http": "first"})
	for _, test := range tests {
		err := target.Check(target.App{
			Triggers:   []target.AppTrigger{{Type: "http", Component: "c"}},
			Components: []*target.Component{{ID: "c", Environments: []*target.Environment{e}, Imports: test.imports, Exports: test.exports}},
		})
		if test.want == "" {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		var finding *target.Error
		if !errors.As(err, &finding) || !errors.Is(err, target.ErrWorld) || len(finding.Worlds) != 1 || len(finding.Worlds[0].Reasons) != 1 ||
			!strings.HasPrefix(finding.Worlds[0].Reasons[0], test.want) || finding.Worlds[0].World != "acme:store/first@0.2.6" {
			t.Errorf("%s: got  %v\nwant %s", test.name, err, test.want)
		}
	}
}

// One of the worlds is enough; if there is none, it is said of each what is missing.
func TestSeveralWorlds(t *testing.T) {
	e := environment(t, "shop", map[string]string{"http": "first second"})
	c := &target.Component{ID: "c", Environments: []*target.Environment{e}, Exports: []target.Extern{watch, stop}, Pos: target.Position{File: "spin.toml", Line: 7, Column: 2}}
	app := target.App{Triggers: []target.AppTrigger{{Type: "http", Component: "c"}}, Components: []*target.Component{c}}
	if err := target.Check(app); err != nil {
		t.Error(err)
	}
	c.Imports = []target.Extern{function("now", "func()->u64"), function("then", "func()")}
	c.Exports = []target.Extern{watch}
	const want = `spin.toml:7:2: component "c" does not fit the environment "shop", as it conforms to no world for triggers of type "http":
  world acme:store/first@0.2.6:
    it imports "then", which the world does not: remove what uses it
    it does not export "acme:store/run@0.2.6": export it, or build the component with an SDK that does
  world acme:store/second@0.2.6:
    it imports "now", which the world does not: remove what uses it
    it imports "then", which the world does not: remove what uses it
    it does not export "stop": export it, or build the component with an SDK that does`
	if err := target.Check(app); err == nil || err.Error() != want {
		t.Errorf("got %v", err)
	}
}

func TestCheck(t *testing.T) {
	shop := environment(t, "shop", map[string]string{"http": `first|"local_service_chaining"`})
	cart := environment(t, "cart", map[string]string{"redis": "first"})
	any := environment(t, "any", map[string]string{"default": "first"})
	none := environment(t, "none", nil)
	http, redis := target.AppTrigger{Type: "http", Component: "c"}, target.AppTrigger{Type: "redis", Component: "c"}
	static := target.AppTrigger{Type: "http"}
	fits := func(envs ...*target.Environment) *target.Component {
		return &target.Component{ID: "c", Environments: envs, Exports: []target.Extern{run}}
	}
	misfit := func(envs ...*target.Environment) *target.Component {
		return &target.Component{ID: "c", Environments: envs, Requirements: []string{"local_service_chaining", "middleware"}}
	}
	broken := fits(shop)
	broken.Err = errors.New("no such file")
	envs := func(list ...*target.Environment) []*target.Environment { return list }
	tests := []struct {
		name string
		app  target.App
		want []string
		err  error
	}{
		{"nothing", target.App{}, nil, nil},
		{"no targets", target.App{Triggers: []target.AppTrigger{http}, Components: []*target.Component{misfit()}}, nil, nil},
		{"own empty list", target.App{Environments: envs(shop), Triggers: []target.AppTrigger{http}, Components: []*target.Component{misfit()}}, nil, nil},
		{"default", target.App{Environments: envs(any), Triggers: []target.AppTrigger{http, redis}, Components: []*target.Component{fits(any)}}, nil, nil},
		{"no trigger", target.App{Environments: envs(shop), Components: []*target.Component{misfit(shop)}}, nil, nil},
		{"static response", target.App{Environments: envs(shop), Triggers: []target.AppTrigger{static}}, nil, nil},
		{"trigger", target.App{Environments: envs(shop, none), Triggers: []target.AppTrigger{http, redis, redis}, Components: []*target.Component{misfit(shop)}},
			[]string{`the environment "shop" does not run triggers of type "redis", only of type "http"`, `"none" does not run triggers of type "http"`, `"none" does not run triggers of type "redis"`}, target.ErrTrigger},
		{"trigger of an override", target.App{Environments: envs(any), Triggers: []target.AppTrigger{http}, Components: []*target.Component{fits(cart)}},
			[]string{`the environment "cart" does not run triggers of type "http"`}, target.ErrTrigger},
		{"requirements", target.App{Environments: envs(any), Triggers: []target.AppTrigger{http, redis}, Components: []*target.Component{
			{ID: "c", Environments: envs(any), Exports: []target.Extern{run}, Requirements: []string{"local_service_chaining", "middleware", "x"}}}},
			[]string{`component "c" requires "local_service_chaining", which the environment "any" does not have for triggers of type "http": remove the entries of allowed_outbound_hosts`,
				`requires "middleware"`, `requires "x"`}, target.ErrRequirement},
		{"everything", target.App{Environments: envs(shop), Triggers: []target.AppTrigger{http}, Components: []*target.Component{misfit(shop, any)}},
			[]string{`"c" does not fit the environment "shop"`, `"shop" does not have`, `"c" does not fit the environment "any"`, `requires "local_service_chaining"`, `requires "middleware"`}, target.ErrWorld},
		{"unchecked", target.App{Triggers: []target.AppTrigger{http}, Components: []*target.Component{broken}},
			[]string{`component "c" could not be checked for the environment "shop": no such file`}, target.ErrUnchecked},
	}
	for _, test := range tests {
		err := target.Check(test.app)
		if len(test.want) == 0 {
			if err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
			continue
		}
		var findings target.Errors
		if !errors.As(err, &findings) || len(findings) != len(test.want) || !errors.Is(err, test.err) {
			t.Errorf("%s: got %v", test.name, err)
			continue
		}
		for i, want := range test.want {
			if !strings.Contains(findings[i].Error(), want) {
				t.Errorf("%s: got  %v\nwant %s", test.name, findings[i], want)
			}
		}
	}
	if err := target.Check(target.App{Triggers: []target.AppTrigger{http}, Components: []*target.Component{broken}}); !errors.Is(err, broken.Err) || errors.Is(err, target.ErrWorld) {
		t.Errorf("got %v", err)
	}
}

// A component that has nothing in common with a world does not fill the screen.
func TestManyReasons(t *testing.T) {
	c := &target.Component{ID: "c", Environments: []*target.Environment{environment(t, "shop", map[string]string{"http": "first"})}}
	for range 100 {
		c.Imports = append(c.Imports, instance("acme:store/stores@0.2.6"))
	}
	err := target.Check(target.App{Triggers: []target.AppTrigger{{Type: "http", Component: "c"}}, Components: []*target.Component{c}})
	var finding *target.Error
	if !errors.As(err, &finding) || len(finding.Worlds[0].Reasons) != 65 || finding.Worlds[0].Reasons[64] != "and 37 more" {
		t.Errorf("got %v", err)
	}
}
