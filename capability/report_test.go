package capability_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/capability"
)

// shop reports on an app whose component cart has a dependency, which has another.
func shop() capability.Report {
	var u capability.Usage
	count := func(path []string, id, function string, outcomes ...capability.Outcome) {
		for _, o := range outcomes {
			u.Counter("cart", path, id, function).Add(o)
		}
	}
	count(nil, keyValue, "[static]store.open", capability.Returned, capability.Refused)
	count(nil, keyValue, "[method]store.get", capability.Returned)
	count([]string{"acme:auth/tokens"}, "wasi:http/client@0.3.0", "send", capability.Denied)

	auth := tokens(inherits("key_value_stores"))
	imports := []capability.Import{{ID: "wasi:http/client@0.3.0"}, {ID: "acme:geo/lookup@1.0.0"}, {ID: "wasi:clocks/wall-clock@0.2.0"}, {ID: keyValue}}
	part := capability.NewPart(cart(), imports, &u)
	part.Grants = []capability.Item{{Set: "key_value_stores", Text: "default", Pos: at(3, 21)}, {Set: "allowed_outbound_hosts", Text: "https://example.com"}}
	part.Dependencies = []capability.Part{capability.NewPart(cart(auth), imports, &u)}
	part.Dependencies[0].Dependencies = []capability.Part{capability.NewPart(cart(auth, hashes(capability.Inherit{})), nil, nil)}
	return capability.Report{App: "shop", Components: []capability.Part{part}}
}

func TestReportText(t *testing.T) {
	want := `app "shop"
  component "cart" (spin.toml:2:1)
    granted  key_value_stores        default              spin.toml:3:21
    granted  allowed_outbound_hosts  https://example.com
    allowed  wasi:http/client@0.3.0          allowed_outbound_hosts  allowed_outbound_hosts of the component says how far (spin.toml:2:1)
    allowed  spin:key-value/key-value@3.0.0  key_value_stores        key_value_stores of the component says how far (spin.toml:2:1)
               [method]store.get                                     returned 1
               [static]store.open                                    returned 1, refused 1
    allowed  acme:geo/lookup@1.0.0           -                       it is the component itself (spin.toml:2:1)
    allowed  wasi:clocks/wall-clock@0.2.0    -                       it carries no capability
    dependency "acme:auth/tokens" (spin.toml:4:1), inherits key_value_stores
      denied   wasi:http/client@0.3.0          allowed_outbound_hosts  write inherit_configuration = ["key_value_stores", "allowed_outbound_hosts"] (spin.toml:5:1)
                 send                                                  denied 1
      allowed  spin:key-value/key-value@3.0.0  key_value_stores        it inherits key_value_stores (spin.toml:5:30)
      denied   acme:geo/lookup@1.0.0           -                       it belongs to no capability set: write inherit_configuration = true (spin.toml:5:1)
      allowed  wasi:clocks/wall-clock@0.2.0    -                       it carries no capability
      dependency "acme:hash" (spin.toml:9:1), inherits nothing
`
	got := shop().String()
	if got != want {
		t.Errorf("got\n%s", got)
	}
	var b strings.Builder
	if n, err := shop().WriteTo(&b); err != nil || int(n) != len(want) || b.String() != want {
		t.Errorf("wrote %d bytes, %v", n, err)
	}
}

type brokenWriter struct{}

var errBroken = errors.New("broken")

func (brokenWriter) Write([]byte) (int, error) { return 3, errBroken }

func TestReportReturnsTheErrorOfItsWriter(t *testing.T) {
	if n, err := shop().WriteTo(brokenWriter{}); n != 3 || !errors.Is(err, errBroken) {
		t.Errorf("got %d, %v", n, err)
	}
}

func TestReportJSON(t *testing.T) {
	data, err := json.Marshal(shop())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"app":"shop","components":[{"name":"cart","pos":{"file":"spin.toml","line":2,"column":1},"grants":[{"set":"key_value_stores","text":"default","pos":{"file":"spin.toml","line":3,"column":21}},{"set":"allowed_outbound_hosts","text":"https://example.com"}],`,
		`{"id":"wasi:clocks/wall-clock@0.2.0","allowed":true,"reason":"ambient","why":"it carries no capability"}`,
		`"allowed":false,"reason":"not-inherited"`,
		`"missing":[{"dependency":"acme:auth/tokens","text":"inherit_configuration = [\"key_value_stores\", \"allowed_outbound_hosts\"]","pos":{"file":"spin.toml","line":5,"column":1}}],"calls":[{"function":"send","outcome":"denied","count":1}]}`,
		`{"name":"acme:hash","pos":{"file":"spin.toml","line":9,"column":1},"inherits":"nothing","interfaces":[]}`,
	} {
		if !strings.Contains(string(data), want) {
			t.Errorf("%s is not in\n%s", want, data)
		}
	}
	var back capability.Report
	if err := json.Unmarshal(data, &back); err != nil || back.String() != shop().String() {
		t.Errorf("read back: %v\n%s", err, back)
	}
}

func TestPartsListInterfacesInOneOrder(t *testing.T) {
	imports := []capability.Import{{ID: "b:b/b", Set: "zoo"}, {ID: "a:a/a"}, {ID: "a:b/c", Set: "zoo"}, {ID: "wasi:io/poll@0.2.0"}, {ID: "fermyon:spin/llm"}}
	want := capability.NewPart(cart(), imports, nil)
	slices.Reverse(imports)
	got := capability.NewPart(cart(), imports, nil)
	var order []string
	for i := range want.Interfaces {
		order = append(order, want.Interfaces[i].ID)
		if got.Interfaces[i].ID != want.Interfaces[i].ID {
			t.Errorf("%d: got %s", i, got.Interfaces[i].ID)
		}
	}
	if want := []string{"fermyon:spin/llm", "a:b/c", "b:b/b", "a:a/a", "wasi:io/poll@0.2.0"}; !slices.Equal(order, want) {
		t.Errorf("got %v", order)
	}
}
