package mounts

import "strings"

// maxParts bounds the parts of a pattern between slashes.
const maxParts = 63

// glob is a pattern that is held against paths part by part while folders are
// walked, so that only folders are read which it can lead to.
type glob struct {
	base  string  // what it starts with literally, as a path
	parts []gpart // what follows
	// folders: it ends in ** or a slash and so stands for folders, not for files.
	folders bool
}

// gpart is one part of a glob: a pattern, or ** if that is nil.
type gpart struct{ name *pattern }

// everything is the glob **/*.
func everything(base string) *glob {
	return &glob{base: base, parts: []gpart{{}, {&pattern{tokens: []token{{kind: anyText}}}}}}
}

func isGlob(text string) bool { return strings.ContainsAny(text, "?*[]") }

// parseGlob reads a pattern without "..". If it cannot be read, problem says why.
func parseGlob(text string) (g *glob, problem string) {
	g = &glob{base: ".", folders: strings.HasSuffix(text, "/") || strings.HasSuffix(text, "/**") || text == "**"}
	var base []string
	for part := range strings.SplitSeq(text, "/") {
		switch {
		case part == "" || part == ".":
			continue
		case len(g.parts) == maxParts:
			return nil, "has too many parts"
		case part == "**":
			g.parts = append(g.parts, gpart{})
			continue
		case len(g.parts) == 0 && !strings.ContainsAny(part, "?*["):
			base = append(base, part)
			continue
		}
		p, problem := parsePattern(part)
		if problem != "" {
			return nil, problem
		}
		g.parts = append(g.parts, gpart{p})
	}
	if len(base) > 0 {
		g.base = strings.Join(base, "/")
	}
	return g, ""
}

// progress says, by a bit for each, which parts may be next.
type progress uint64

// from returns the progress of a path that reached part i: ** stands for no
// folders too.
func (g *glob) from(i int) progress {
	p := progress(1) << i
	for i < len(g.parts) && g.parts[i].name == nil {
		i++
		p |= 1 << i
	}
	return p
}

// step holds one more name of a path against the glob. It returns the progress if
// the name is of a folder, and whether the path matches if it is of a file.
func (g *glob) step(p progress, name string, budget *int) (folder progress, file bool) {
	for i, part := range g.parts {
		switch {
		case p&(1<<i) == 0:
		case part.name == nil:
			folder |= g.from(i)
		case part.name.matches(name, budget):
			folder |= g.from(i + 1)
			file = file || i == len(g.parts)-1
		}
	}
	return folder &^ (1 << len(g.parts)), file && !g.folders
}
