package manifest

import (
	"strconv"

	"github.com/spinhost/spin/internal/tomltree"
	"github.com/spinhost/spin/internal/wording"
)

// rewrite proposes what to write instead of a value of the wrong type, if that is
// clear.
func rewrite(n *tomltree.Node, path, want string) string {
	switch n.Kind {
	case tomltree.Table:
		if want == "an array of tables" {
			return "[[" + path + "]]"
		}
	case tomltree.Array:
		if want != "a table" || n.Closed {
			break
		}
		switch path {
		case "component":
			path += ".ID"
		case "trigger":
			return "[[trigger.http]]"
		}
		return "[" + path + "]"
	case tomltree.String:
		return rewriteString(n.Value.(string), want)
	case tomltree.Time, tomltree.Integer, tomltree.Float, tomltree.Boolean:
		if want == "a string" || want == "a path or a table" {
			return wording.Quote(n.Raw)
		}
	}
	return ""
}

func rewriteString(text, want string) string {
	switch want {
	case "an array of strings", "an array of strings and tables", "a boolean or an array of capability sets":
		return "[" + wording.Quote(text) + "]"
	case "an integer":
		if i, err := strconv.ParseInt(text, 10, 64); err == nil {
			return strconv.FormatInt(i, 10)
		}
	case "a boolean":
		if text == "true" || text == "false" {
			return text
		}
	}
	return ""
}
