package tomltree

import "github.com/spinhost/spin/internal/wording"

// Path appends a key to a dotted path, as TOML would write it.
func Path(path, key string) string {
	if !isBareKey(key) {
		key = wording.Quote(key)
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

func isBareKey(s string) bool {
	if s == "" || len(s) > wording.MaxQuoted {
		return false
	}
	for _, c := range []byte(s) {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			return false
		}
	}
	return true
}
