package manifest

import "fmt"

const (
	versionKey    = "spin_manifest_version"
	oldVersionKey = "spin_version"
)

// checkVersion reports whether the manifest is of version 2, the only one that is
// served. It looks at nothing else, so that a manifest of another version is not
// judged by rules that are not its own.
func checkVersion(c *collector, root *node) bool {
	f := root.get(versionKey)
	if f == nil {
		f = root.get(oldVersionKey)
	}
	if f == nil {
		c.add(root.pos, versionKey, ErrMissingKey, `the key "spin_manifest_version" is missing: write spin_manifest_version = 2 as the first line`)
		return false
	}
	switch value := f.node.value; {
	case value == int64(2):
		// The key of version 1 is reported as unknown with the other keys.
		return true
	case value == "1":
		c.add(f.pos, f.key, ErrUnsupported, fmt.Sprintf(
			`manifests of version 1 are not supported yet: write spin_manifest_version = 2 in place of %s = "1", and the rest in the form of version 2`, f.key))
	default:
		c.add(f.node.pos, f.key, ErrVersion, "the manifest version is "+echo(f.node)+": write spin_manifest_version = 2")
	}
	return false
}

// echo shows a value as TOML would write it.
func echo(n *node) string {
	switch n.kind {
	case tableKind, arrayKind:
		return n.kind.String()
	case stringKind:
		return quote(n.value.(string))
	}
	return clip(n.raw)
}
