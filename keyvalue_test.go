package spin_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/keyvalue"
)

// The guests that use key-value stores, by the versions that they speak.
const (
	kvP2 = "testdata/guests/rust/kv-p2.wasm" // 1, 2 and wasi
	kvP3 = "testdata/guests/rust/kv-p3.wasm" // 3
)

// kvManifest is an app with both, which are granted labels. The first line of labels is 12.
func kvManifest(labels string) string {
	return fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "stores"
[[trigger.http]]
route = "/..."
component = "kv-p2"
[[trigger.http]]
route = "/3/..."
component = "kv-p3"
[component.kv-p2]
source = "kv-p2.wasm"
key_value_stores = %s
[component.kv-p3]
source = "kv-p3.wasm"
key_value_stores = %[1]s
`, labels)
}

func kvFiles(t testing.TB, labels string) fstest.MapFS {
	t.Helper()
	components := map[string][]byte{}
	for _, path := range []string{kvP2, kvP3} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		components[filepath.Base(path)] = b
	}
	return bundle(kvManifest(labels), components)
}

func loadKV(t testing.TB, labels string, cfg spin.Config) *spin.App {
	t.Helper()
	app, err := loadBundle(t, kvFiles(t, labels), func(c *spin.Config) {
		cfg.FS = c.FS
		*c = cfg
	})
	if err != nil {
		t.Fatal(err)
	}
	return app
}

func wantText(t testing.TB, app http.Handler, target, want string) {
	t.Helper()
	if w := ask(app, target); w.Code != 200 || w.Body.String() != want {
		t.Errorf("%s: %d\n%s\nwant\n%s", target, w.Code, w.Body, want)
	}
}

// tour is what every version says when all its functions are called.
const tour = `open unlisted: error "access-denied"
delete a: ()
exists a: false
get a: None
keys: []
set a: ()
keys: ["a"]
exists a: true
get a: Some([111, 110, 101])
set a: ()
get a: Some([0, 255])
set empty: ()
get empty: Some([])
set large: ()
get large: true
keys: ["", "a", "large"]
delete: ()
delete: ()
delete: ()
delete: ()
keys: []
open second: ()
`

func TestGuestsUseKeyValueStores(t *testing.T) {
	noGoroutines(t)
	for name, cfg := range map[string]spin.Config{
		"in memory": {KeyValueStores: map[string]keyvalue.Store{"second": keyvalue.Memory()}},
		"in a file": {StateDir: t.TempDir(), KeyValueStores: map[string]keyvalue.Store{"second": keyvalue.Memory()}},
	} {
		t.Run(name, func(t *testing.T) {
			app := loadKV(t, `["default", "second"]`, cfg)
			for _, version := range []string{"1", "2", "3", "wasi"} {
				wantText(t, app, "/"+version+"/tour", tour)
			}
			wantText(t, app, "/1/closed", strings.ReplaceAll("get: E\nset: E\ndelete: E\nexists: E\nkeys: E\n", "E", `error "invalid-store"`))
			wantText(t, app, "/wasi/batch", `set nothing: ()
set: ()
get: [("a", Some([49])), ("b", Some([])), ("c", Some([51]))]
get nothing: []
delete nothing: ()
delete: ()
get: [("c", Some([51]))]
delete: ()
`)
			wantText(t, app, "/wasi/atomics", `increment: 10
increment: 15
increment: -1
increment: error "the incremented number would not fit into 64 bits"
stored: Some([255, 255, 255, 255, 255, 255, 255, 255])
set: ()
increment: error "the value is not a number of 8 bytes, as increment stores it"
stored: Some([97, 98, 99])
new: ()
swap unseen: true
current: Some([118, 48])
set: ()
current: Some([118, 49])
swap: true
stored: Some([118, 51])
delete: ()
`)
			wantText(t, app, "/3/keys?n=300", "result: ()\nseen: 300\nleft: []\n")
			wantText(t, app, "/3/drop?n=300", "first: true\nresult: error \"the stream of keys was dropped before its end\"\nleft: []\n")
		})
	}
}

func TestComponentsShareStores(t *testing.T) {
	app := loadKV(t, `["default"]`, spin.Config{})
	wantText(t, app, "/2/set?store=default&key=k&value=two", "set")
	wantText(t, app, "/3/get?store=default&key=k", "two")
	wantText(t, app, "/3/set?store=default&key=k&value=three", "set")
	wantText(t, app, "/2/get?store=default&key=k", "three")
}

func TestStoresStayInTheStateDir(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	cfg := spin.Config{StateDir: dir}
	func() {
		app := loadKV(t, `["default"]`, cfg)
		if _, err := os.Stat(dir); err == nil {
			t.Error("the folder is there before any guest asks for it")
		}
		wantText(t, app, "/2/set?store=default&key=k&value=kept", "set")
		closeApp(t, app)
	}()
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "sqlite_key_value.db" {
		t.Errorf("left behind: %v, %v", left, err)
	}
	app := loadKV(t, `["default"]`, cfg)
	wantText(t, app, "/3/get?store=default&key=k", "kept")
}

func TestAStoreThatCannotBeOpened(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	logged := new(buffer)
	app := loadKV(t, `["default"]`, spin.Config{StateDir: filepath.Join(file, "below"), Logger: logTo(logged, 0)})
	for _, target := range []string{"/2/get?store=default&key=k", "/3/get?store=default&key=k"} {
		wantText(t, app, target, `error "the key-value store cannot be opened"`)
	}
	if !strings.Contains(logged.String(), file) {
		t.Errorf("the log does not say why: %s", logged)
	}
}

func TestComponentsWithoutStores(t *testing.T) {
	logged := new(buffer)
	app := loadKV(t, `[]`, spin.Config{Logger: logTo(logged, 0), KeyValueStores: map[string]keyvalue.Store{"second": keyvalue.Memory()}})
	for _, version := range []string{"1", "2", "3", "wasi"} {
		wantText(t, app, "/"+version+"/tour", "open unlisted: error \"access-denied\"\nopen default: error \"access-denied\"\n")
	}
	if want := `add \"default\" to key_value_stores`; !strings.Contains(logged.String(), want) {
		t.Errorf("the log does not say %s: %s", want, logged)
	}
}

func TestLabelsThatNothingConfigures(t *testing.T) {
	_, err := loadBundle(t, kvFiles(t, `["default", "missing", "cache"]`), func(c *spin.Config) {
		c.KeyValueStores = map[string]keyvalue.Store{"cache": keyvalue.Memory()}
	})
	want := `spin.toml:12:32: component "kv-p2": there is no key-value store "missing": add it to Config.KeyValueStores, or write one of cache, default
spin.toml:15:32: component "kv-p3": there is no key-value store "missing": add it to Config.KeyValueStores, or write one of cache, default`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", err, want)
	}
	var e *spin.Error
	if !errors.As(err, &e) || e.Component != "kv-p2" {
		t.Errorf("%#v", e)
	}
}

// A store of the embedder's own has the rights of those that come with spin.
func TestStoresOfTheEmbedder(t *testing.T) {
	own := &recorder{Store: keyvalue.Memory()}
	app := loadKV(t, `["own"]`, spin.Config{KeyValueStores: map[string]keyvalue.Store{"own": own}})
	wantText(t, app, "/2/set?store=own&key=k&value=v", "set")
	wantText(t, app, "/3/get?store=own&key=k", "v")
	closeApp(t, app)
	if got := strings.Join(own.keys, " "); got != "set k get k" || own.closed {
		t.Errorf("%q, closed: %v", got, own.closed)
	}
}

// recorder is a Store that remembers what was asked.
type recorder struct {
	keyvalue.Store
	mu     sync.Mutex
	keys   []string
	closed bool
}

func (r *recorder) Get(ctx context.Context, key string) ([]byte, bool, error) {
	r.note("get " + key)
	return r.Store.Get(ctx, key)
}

func (r *recorder) Set(ctx context.Context, key string, value []byte) error {
	r.note("set " + key)
	return r.Store.Set(ctx, key, value)
}

func (r *recorder) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.keys = append(r.keys, what)
}

func (r *recorder) Close() error {
	r.closed = true
	return nil
}

// The guest opens and gets a thousand times in one request, so that the request hardly counts.
func BenchmarkKeyValueGet(b *testing.B) {
	for _, c := range []struct{ name, dir string }{{"memory", ""}, {"file", b.TempDir()}} {
		for _, version := range []string{"2", "3"} {
			b.Run(c.name+"-v"+version, func(b *testing.B) {
				app := loadKV(b, `["default"]`, spin.Config{StateDir: c.dir})
				wantText(b, app, "/2/set?store=default&key=k&value=v", "set")
				for n := b.N; n > 0; n -= 1000 {
					wantText(b, app, fmt.Sprintf("/%s/get?store=default&key=k&times=%d", version, min(n, 1000)), "v")
				}
			})
		}
	}
}

// One set in each request.
func BenchmarkKeyValueSetInARequest(b *testing.B) {
	app := loadKV(b, `["default"]`, spin.Config{StateDir: b.TempDir()})
	n := 0
	for b.Loop() {
		n++
		wantText(b, app, fmt.Sprint("/3/set?store=default&key=k&value=", n), "set")
	}
}

// The manifest names stores by labels; what is behind them is up to the host.
func ExampleConfig_keyValueStores() {
	ctx := context.Background()
	files := fstest.MapFS{"spin.toml": {Data: []byte(kvManifest(`["sessions"]`))}}
	for _, path := range []string{kvP2, kvP3} {
		wasm, err := os.ReadFile(path)
		if err != nil {
			log.Fatal(err)
		}
		files[filepath.Base(path)] = &fstest.MapFile{Data: wasm}
	}
	sessions := keyvalue.Memory()
	if err := sessions.Set(ctx, "greeting", []byte("hello from the host")); err != nil {
		log.Fatal(err)
	}
	app, err := spin.Load(ctx, "spin.toml", &spin.Config{
		FS:             files,
		KeyValueStores: map[string]keyvalue.Store{"sessions": sessions},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer app.Close(ctx)
	fmt.Println(get(app, "/3/get?store=sessions&key=greeting").Body)
	// Output: hello from the host
}
