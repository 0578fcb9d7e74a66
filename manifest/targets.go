package manifest

import "github.com/spinhost/spin/internal/wording"

// targets reads a list of host environments.
func (s section) targets() []Target {
	const want = "an array of strings and tables"
	f := s.field("targets", arrayKind, want)
	if f == nil {
		return nil
	}
	targets := []Target{}
	for _, item := range f.node.items {
		target := Target{Pos: item.pos}
		t := section{s.collector, item, s.at("targets")}
		switch item.kind {
		case stringKind:
			if target.Name = item.value.(string); target.Name == "" {
				t.add(item.pos, t.path, nil, `the name is empty: write one such as "spin-up:3.4", or remove it`)
			}
		case tableKind:
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
		return wording.Quote(text) + ` is not a URL of HTTP: write one such as "https://example.com/environment.toml"`
	}
	return ""
}
