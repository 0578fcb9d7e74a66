package manifest

import (
	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

const (
	versionKey    = "spin_manifest_version"
	oldVersionKey = "spin_version"
)

// formatVersion returns the version that the manifest is written in, 0 if there is
// no such version. It looks at nothing else, so that a manifest is not judged by
// rules that are not its own.
func formatVersion(c *collector, root *tomltree.Node) int {
	f := root.Get(versionKey)
	if f == nil {
		f = root.Get(oldVersionKey)
	}
	if f == nil {
		c.add(root.Pos, versionKey, ErrMissingKey, `the key "spin_manifest_version" is missing: write spin_manifest_version = 2 as the first line`)
		return 0
	}
	switch f.Node.Value {
	case int64(2):
		// The key of version 1 is reported as unknown with the other keys.
		return 2
	case "1":
		return 1
	}
	c.add(f.Node.Pos, f.Key, ErrVersion, "the manifest version is "+echo(f.Node)+": write spin_manifest_version = 2")
	return 0
}

// echo shows a value as TOML would write it.
func echo(n *tomltree.Node) string {
	switch n.Kind {
	case tomltree.Table, tomltree.Array:
		return n.Kind.String()
	case tomltree.String:
		return wording.Quote(n.Value.(string))
	}
	return clip(n.Raw)
}
