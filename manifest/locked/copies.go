package locked

import (
	"strings"

	"github.com/spinhost/spin/manifest"
)

// copyMark stands in the id of a copy of a component, before the id of its trigger.
const copyMark = "-for-"

// maxCopyID is how long ids of copies are at most, in bytes, to be renamed: finding the original
// takes quadratic time.
const maxCopyID = 1024

// renameCopies gives copies of components for triggers ids that manifests allow. Ids of triggers
// are free text, so that those of copies can be too; nobody but its trigger refers to a copy.
func (a *App) renameCopies() {
	ids := make(map[string]int, len(a.Components))
	for i, c := range a.Components {
		ids[c.ID] = i
	}
	renamed := make(map[string]string)
	for i := range a.Components {
		c := &a.Components[i]
		if len(c.ID) > maxCopyID || isComponentID(c.ID) {
			continue
		}
		if original, triggerID, ok := cutCopy(ids, c.ID); ok {
			id := freeID(ids, original+copyMark+componentWords(triggerID))
			ids[id] = i
			renamed[c.ID], c.ID = id, id
		}
	}
	for i := range a.Triggers {
		if id, ok := renamed[a.Triggers[i].Component()]; ok {
			a.Triggers[i].Config["component"] = id
		}
	}
}

// cutCopy splits the id of a copy.
func cutCopy(ids map[string]int, id string) (original, triggerID string, ok bool) {
	for at := range id {
		if rest, marked := strings.CutPrefix(id[at:], copyMark); marked && isComponentID(id[:at]) {
			if _, ok := ids[id[:at]]; ok {
				return id[:at], rest, true
			}
		}
	}
	return "", "", false
}

// isComponentID reports whether a manifest may have a component of that id: the rule is that of
// plain names.
func isComponentID(id string) bool {
	name, err := manifest.ParseDependencyName(id)
	return err == nil && name.Plain == id
}

// componentWords makes of any text words that may be the end of a component's id.
func componentWords(text string) string {
	var b strings.Builder
	for _, word := range strings.FieldsFunc(strings.ToLower(text), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	}) {
		// No word begins with a digit: of my-1 is made my1.
		switch digit := word[0] <= '9'; {
		case digit && b.Len() == 0:
			b.WriteByte('n')
		case !digit && b.Len() > 0:
			b.WriteByte('-')
		}
		b.WriteString(word)
	}
	if b.Len() == 0 {
		return "trigger"
	}
	return b.String()
}
