package locked_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/spinhost/spin/manifest"
	"github.com/spinhost/spin/manifest/locked"
)

// after returns what stands at a place of a text.
func after(t *testing.T, text string, pos manifest.Position) string {
	t.Helper()
	lines := strings.SplitAfter(text, "\n")
	if pos.File != "x.lock" || pos.Line < 1 || pos.Line > len(lines) || pos.Column < 1 || pos.Column > len(lines[pos.Line-1])+1 {
		t.Errorf("%s is no place in the text", pos)
		return ""
	}
	return strings.Join(lines[pos.Line-1:], "")[pos.Column-1:]
}

// With the text, the manifest's positions are those in the JSON.
func TestPositionsInTheText(t *testing.T) {
	data, err := os.ReadFile("testdata/bakery.lock")
	if err != nil {
		t.Fatal(err)
	}
	a, err := locked.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := a.Manifest(locked.ManifestOptions{Name: "x.lock", Dir: "/srv", Text: data, Content: func(locked.Content) (string, error) { return "/srv/x", nil }})
	if err != nil {
		t.Fatal(err)
	}
	bread, _ := m.Component("bread")
	entry := m.TriggersOf("http")[0]
	http := m.Application.Triggers["http"]
	for _, c := range []struct {
		pos  manifest.Position
		want string
	}{
		{m.Variables["oven_key"].Pos, `"oven_key": {`},
		{entry.Pos(), "{\n      \"id\": \"bread-http-trigger\""},
		{entry.KeyPos("nothing"), "{\n      \"id\": \"bread-http-trigger\""},
		{entry.KeyPos("route"), `"route": `},
		{http.KeyPos("base"), "\"base\": \"/\"\n      }\n    },\n    \"vendor\""},
		{bread.KeyPos("source"), `"source": {`},
		{bread.KeyPos("environment"), `"env": `},
		{bread.KeyPos("variables"), `"config": `},
		{bread.KeyPos("allowed_outbound_hosts"), `"allowed_outbound_hosts": `},
	} {
		if got := after(t, string(data), c.pos); !strings.HasPrefix(got, c.want) {
			t.Errorf("at %s: %.40q, want %q", c.pos, got, c.want)
		}
	}
}

// Text that is not that of the app does no harm.
func TestPositionsInAnotherText(t *testing.T) {
	a := &locked.App{Triggers: []locked.Trigger{trigger("t", "http", "c")}, Components: components("c")}
	for _, text := range []string{"", "{", "[]", "null", "{}", "\n\n  {\"components\": [1], \"triggers\": {}}"} {
		m, err := a.Manifest(locked.ManifestOptions{Name: "x.lock", Text: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		c, _ := m.Component("c")
		if json.Valid([]byte(text)) {
			after(t, text, c.Source.Pos)
		}
	}
}
