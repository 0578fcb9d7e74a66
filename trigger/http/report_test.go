package http_test

import (
	"fmt"
	"strings"
	"testing"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// routes is a manifest with a route for each component, g1, g2 and so on, whose triggers are
// called t1, t2 and so on: each takes four lines from the fourth on, with the route in the third.
func routes(list ...string) (string, []*component) {
	var text string
	var components []*component
	for i, r := range list {
		text += fmt.Sprintf("[[trigger.http]]\nid = \"t%d\"\nroute = %s\ncomponent = \"g%d\"\n", i+1, r, i+1)
		id := fmt.Sprintf("g%d", i+1)
		components = append(components, &component{id: id, exports: []string{export3}, serve: func(g *guest) { g.answer(200, id) }})
	}
	return text, components
}

func TestRoutesThatAreNeverReachedAreReported(t *testing.T) {
	tests := []struct {
		behaviour string
		routes    []string
		want      []string // parts of the log; none if nothing is reported
		serves    string   // ids of the triggers that are left, in order of precedence
	}{
		{"the same text: the later one serves", []string{`"/x"`, `"/x"`},
			[]string{"level=ERROR", `spin.toml:10:1: route \"/x\" is used by two triggers`, "trigger=t2", "replaced=t1", "spin.toml:6:1: the earlier one"}, "t2"},
		{"another text for the same path: the earlier one serves", []string{`"/x"`, `"/x/"`},
			[]string{"level=ERROR", `spin.toml:10:1: route \"/x/\" is never reached`, "trigger=t2", "by=t1", "spin.toml:6:1: this one counts"}, "t1 t2"},
		{"parameters of other names", []string{`"/:a/b"`, `"/:b/b"`}, []string{"spin.toml:10:1", "by=t1"}, "t1 t2"},
		{"both wildcards", []string{`"/a/*"`, `"/a/..."`}, []string{"spin.toml:10:1", "by=t1"}, "t1 t2"},
		{"routes that only overlap", []string{`"/a/..."`, `"/:x"`, `"/a"`, `"/..."`, `"/a/:x"`}, nil, "t3 t5 t1 t2 t4"},
		{"a slash more inside", []string{`"/a//b"`, `"/a/:x/b"`}, nil, "t1 t2"},
		{"a path of the host", []string{`"/.well-known/spin/health"`}, []string{"level=ERROR", "spin.toml:6:1", "answered by the host", "trigger=t1"}, "t1"},
		{"the same without its slash", []string{`".well-known/spin/x"`}, []string{"spin.toml:6:1", "answered by the host"}, "t1"},
		{"all paths of the host", []string{`"/.well-known/spin/..."`}, []string{"answered by the host"}, "t1"},
		{"paths beside those of the host", []string{`"/.well-known/spin"`, `"/.well-known/other"`}, nil, "t1 t2"},
		{"private routes", []string{`{ private = true }`, `{ private = true }`}, nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			text, components := routes(tt.routes...)
			a := load(t, httptrigger.Config{}, text, components...)
			log := a.host.log.String()
			if tt.want == nil && log != "" {
				t.Errorf("log: %s", log)
			}
			for _, want := range tt.want {
				if !strings.Contains(log, want) {
					t.Errorf("log: %shas no %s", log, want)
				}
			}
			var got []string
			for _, r := range a.Routes() {
				got = append(got, r.ID)
			}
			if strings.Join(got, " ") != tt.serves {
				t.Errorf("%q serve, want %q", got, tt.serves)
			}
		})
	}
}
