package manifest

import (
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// targets reads a list of host environments.
func (s section) targets() []Target {
	const want = "an array of strings and tables"
	f := s.field("targets", tomltree.Array, want)
	if f == nil {
		return nil
	}
	targets := []Target{}
	for _, item := range f.Node.Items {
		target := Target{Pos: item.Pos}
		t := section{s.collector, item, s.at("targets")}
		switch item.Kind {
		case tomltree.String:
			if target.Name = item.Value.(string); target.Name == "" {
				t.add(item.Pos, t.path, nil, `the name is empty: write one such as "spin-up:3.4", or remove it`)
			}
		case tomltree.Table:
			t.targetTable(&target)
		default:
			s.wrongKind(item, t.path, "a name, { url }, or { path }")
		}
		targets = append(targets, target)
	}
	return targets
}

var targetForms = []form{
	{name: "a URL", required: []string{"url"}, hint: `{ url = "https://..." }`},
	{name: "a file", required: []string{"path"}, hint: `{ path = "..." }`},
}

func (s section) targetTable(target *Target) {
	if s.union("target environment", targetForms, nil) == nil {
		return
	}
	target.URL = s.checked("url", checkTargetURL)
	target.Path = s.checked("path", notEmpty("the path"))
}

func checkTargetURL(text string) string {
	if checkURL(text) != "" {
		return wording.Quote(wording.HidePassword(text)) + ` is not a URL of HTTP: write one such as "https://example.com/environment.toml"`
	}
	return ""
}
