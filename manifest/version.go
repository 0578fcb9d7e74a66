package manifest

import "github.com/spinhost/spin/internal/wording"

const (
	versionKey    = "spin_manifest_version"
	oldVersionKey = "spin_version"
)

// formatVersion returns the version that the manifest is written in, 0 if there is
// no such version. It looks at nothing else, so that a manifest is not judged by
// rules that are not its own.
func formatVersion(c *collector, root *node) int {
	f := root.get(versionKey)
	if f == nil {
		f = root.get(oldVersionKey)
	}
	if f == nil {
		c.add(root.pos, versionKey, ErrMissingKey, `the key "spin_manifest_version" is missing: write spin_manifest_version = 2 as the first line`)
		return 0
	}
	switch f.node.value {
	case int64(2):
		// The key of version 1 is reported as unknown with the other keys.
		return 2
	case "1":
		return 1
	}
	c.add(f.node.pos, f.key, ErrVersion, "the manifest version is "+echo(f.node)+": write spin_manifest_version = 2")
	return 0
}

// echo shows a value as TOML would write it.
func echo(n *node) string {
	switch n.kind {
	case tableKind, arrayKind:
		return n.kind.String()
	case stringKind:
		return wording.Quote(n.value.(string))
	}
	return clip(n.raw)
}
