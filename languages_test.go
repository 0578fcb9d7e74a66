package spin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/variables"
)

// grants gives a component something of everything, and may be of use to all languages.
const grants = `files = [{ source = "assets", destination = "/" }, "words.txt"]
exclude_files = ["assets/*.map"]
key_value_stores = ["default", "second"]
sqlite_databases = ["default"]
allowed_outbound_hosts = [%s]
[component.guest.variables]
url = "https://{{ host }}:{{port}}/{{ host }}"
empty = ""
login = "ann:{{ password }}"
late = "{{ late }}"
[variables]
host = { default = "example.com" }
port = { required = true }
password = { required = true, secret = true }
late = { required = true }
`

// granted loads the guest with all of it. hosts are in quotes, separated by commas.
func (g guest) granted(t *testing.T, hosts string, configure func(*spin.Config)) *spin.App {
	t.Helper()
	files := bundle(minimal+fmt.Sprintf(grants, hosts), map[string][]byte{"guest.wasm": g.wasm(t)})
	for name, text := range map[string]string{
		"assets/index.html": "<h1>home</h1>", "assets/css/main.css": "body {}", "assets/empty": "", "assets/css/main.css.map": "{}",
		"secret.txt": "secret", "words.txt": "hello", "assets/big": strings.Repeat("0123456789", 100_000),
	} {
		files[name] = &fstest.MapFile{Data: []byte(text), Mode: 0o644}
	}
	app, err := loadBundle(t, files, func(c *spin.Config) {
		c.KeyValueStores = map[string]keyvalue.Store{"second": keyvalue.Memory()}
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

// A language's guest, and below which paths it has which version of an interface.
type language struct {
	guest
	files, kv, sqlite, variables string
}

// eachLanguage runs a test with the guests of languages other than Rust, whose guests have tests
// of their own: the answers must be the same.
func eachLanguage(t *testing.T, test func(t *testing.T, l language)) {
	for _, l := range []language{
		{guests[3], "/std", "/3", "", "/v3"},
		{guests[4], "/std", "/3", "", "/v3"},
		{guests[5], "/2", "/2", "/2", "/v2"},
	} {
		t.Run(l.name, func(t *testing.T) { test(t, l) })
	}
}

func TestLanguagesReadVariables(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.granted(t, "", nil)
		for name, want := range map[string]string{
			"url":   "ok: https://example.com:8443/example.com",
			"empty": "ok: ",
			"login": "ok: ann:" + password,
			"late":  `provider: no provider resolved required variable "late": write a default in [variables], or let a provider in Config.Variables have it`,
			"host":  `undefined: no variable for "guest"."host": add it to [component.guest.variables]`,
			"UPPER": `invalid-name: "UPPER" is not a variable name: it must start with a lower-case letter`,
		} {
			wantText(t, app, l.variables+"?name="+name, want)
		}
	})
}

func TestLanguagesUseKeyValueStores(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.granted(t, "", nil)
		wantText(t, app, l.kv+"/tour", tour)
		wantText(t, app, l.kv+"/set?store=second&key=k&value=v", "set")
		wantText(t, app, l.kv+"/get?store=second&key=k", "v") // in another request
		wantText(t, app, l.kv+"/get?store=default&key=k", "none")
		wantText(t, app, l.kv+"/get?store=else&key=k", `error "access-denied"`)
	})
}

func TestLanguagesUseSQLite(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.granted(t, "", nil)
		if l.lang == "javascript" { // as TestSQLiteThroughWASI2
			wantSQLite(t, app, sqlitePath(l.sqlite+"/run", "sql", sqliteScript), `[]
[]
["a", "b"] [Integer(1), Text("x")] [Integer(2), Real(2.5)] [Integer(3), Blob([0, 255])] [Integer(4), Null]
["a"]
[]
Error::Io("near \"oops\": syntax error")
Error::Io("not authorized")
`)
			wantSQLite(t, app, sqlitePath(l.sqlite+"/run", "sql", "SELECT ?, ?, ?, ?, ? AS e"),
				`["?", "?", "?", "?", "e"] [Integer(-9223372036854775808), Real(2.5), Text("grüße"), Blob([0, 255]), Null]`+"\n")
		} else { // as TestSQLiteThroughWASI3
			wantSQLite(t, app, sqlitePath(l.sqlite+"/run", "sql", sqliteScript), `[] Ok(())
[] Ok(())
["a", "b"] [Integer(1), Text("x")] [Integer(2), Real(2.5)] [Integer(3), Blob([0, 255])] [Integer(4), Null] Ok(())
["a"] Ok(())
[] Ok(())
[] Err(Error::Io("near \"oops\": syntax error"))
[] Err(Error::Io("not authorized"))
rowid 4 changes 2
`)
			// More rows than the guest takes at once.
			w := ask(app, sqlitePath(l.sqlite+"/run", "sql", fmt.Sprintf(countTo, 1000)))
			if got := strings.Count(w.Body.String(), "Value::Integer("); got != 1000 {
				t.Errorf("%d rows: %s", got, w.Body)
			}
		}
		wantSQLite(t, app, sqlitePath(l.sqlite+"/run", "db", "other"), "Error::AccessDenied\n")
	})
}

func TestLanguagesReadTheirFiles(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.granted(t, "", nil)
		for target, want := range map[string]string{
			"/read?path=/index.html":       `read: "<h1>home</h1>"`,
			"/read?path=css/main.css":      `read: "body {}"`,
			"/read?path=/css/../words.txt": `read: "hello"`,
			"/read?path=/empty":            `read: ""`,
			"/read?path=/css/main.css.map": `read: error NotFound`,
			"/read?path=/secret.txt":       `read: error NotFound`,
			"/read?path=/../secret.txt":    `read: error PermissionDenied`,
			"/size?path=/big":              "size: 1000000\nmetadata: 1000000",
			"/list?path=/":                 `list: ["big", "css/", "empty", "index.html", "words.txt"]`,
			"/list?path=/css":              `list: ["main.css"]`,
			"/list?path=/words.txt":        `list: error NotADirectory`,
		} {
			wantText(t, app, l.files+target, want+"\n")
		}
	})
}

// Python's standard library changes files as Rust's does.
func TestPythonChangesItsFiles(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		if l.lang != "python" {
			return
		}
		before := `list: ["big", "css/", "empty", "index.html", "words.txt"]` + "\n"
		app := l.granted(t, "", nil)
		if w := ask(app, "/std/tour?path=/css"); !strings.HasPrefix(w.Body.String(), "write: error PermissionDenied\ncreate new: error PermissionDenied\n") {
			t.Errorf("without leave to write: %s", w.Body)
		}
		wantText(t, app, "/std/list?path=/", before)
		app = l.granted(t, "", func(c *spin.Config) { c.AllowTransientWrite = true })
		wantText(t, app, "/std/tour?path=/css", strings.NewReplacer(`"d.txt"]`, `"d.txt", "main.css"]`, `"d.txt", "sub/"]`, `"d.txt", "main.css", "sub/"]`).Replace(stdTour))
		wantText(t, app, "/std/read?path=/css/d.txt", "read: \"hello, W\"\n")
		wantText(t, app, "/std/list?path=/", before)
	})
}

// Python's module socket is on sockets of WASI.
func TestPythonUsesSockets(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		if l.lang != "python" {
			return
		}
		tcp, udp := echoTCP(t), echoUDP(t)
		app := l.granted(t, fmt.Sprintf(`"tcp://127.0.0.1%s", "udp://127.0.0.1%s", "udp://0.0.0.0:0"`, portOf(tcp), portOf(udp)), nil)
		wantText(t, app, "/tcp?text=hello&address="+tcp, "hello")
		wantText(t, app, "/udp?text=hello&address="+udp, "hello from "+udp)
		wantText(t, app, "/tcp?text=hello&address=127.0.0.1:1", "error: PermissionDenied")
		wantText(t, app, "/tcp?text=hello&address=127.0.1.1"+portOf(tcp), "error: PermissionDenied")
		wantText(t, app, "/udp?text=hello&address="+tcp, "error: PermissionDenied")
	})
}

// Timers run at once, and each ends; on a busy machine two may be due when the guest looks.
func TestLanguagesHaveTimers(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.granted(t, "", nil)
		w := ask(app, "/timers?n=5&ms=20")
		got := strings.Fields(w.Body.String())
		slices.Sort(got)
		if want := []string{"0", "20", "40", "60", "80"}; w.Code != 200 || !slices.Equal(got, want) {
			t.Errorf("%d %q, want %q in any order", w.Code, w.Body, want)
		}
		wantText(t, app, "/timers?n=1", "0")
	})
}

// What a guest has not been granted it does not get, whatever its language.
func TestLanguagesWithoutGrants(t *testing.T) {
	eachLanguage(t, func(t *testing.T, l language) {
		app := l.mustLoad(t, func(c *spin.Config) { c.KeyValueStores = map[string]keyvalue.Store{"second": keyvalue.Memory()} })
		wantText(t, app, l.kv+"/tour", "open unlisted: error \"access-denied\"\nopen default: error \"access-denied\"\n")
		wantText(t, app, l.variables+"?name=host", `undefined: no variable for "guest"."host": add it to [component.guest.variables]`)
		wantSQLite(t, app, sqlitePath(l.sqlite+"/run"), "Error::AccessDenied\n")
		if l.lang == "python" {
			wantText(t, app, "/std/read?path=/words.txt", "read: error NotFound\n")
			wantText(t, app, "/tcp?text=hello&address="+echoTCP(t), "error: PermissionDenied")
		}
	})
}
