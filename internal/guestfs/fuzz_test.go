//go:build unix

package guestfs

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

// node is a file of the model: a folder with children, a symbolic link with a target, or a file.
type node struct {
	parent   *node
	children map[string]*node
	target   string
	name     string // full, for comparison
}

// walk is how the resolution of paths is described: the stack of folders is what parent says, and
// each link is replaced by its target.
func (n *node) walk(path string, follow bool, links *int) (*node, Errno) {
	if path == "" {
		return nil, NoEntry
	}
	if path[0] == '/' {
		return nil, NotPermitted
	}
	at := n
	for path != "" {
		part, rest, slash := strings.Cut(path, "/")
		path = strings.TrimLeft(rest, "/")
		switch {
		case at.children == nil:
			return nil, NotDirectory
		case part == ".":
		case part == "..":
			if at.parent == nil {
				return nil, NotPermitted
			}
			at = at.parent
		case at.children[part] == nil:
			return nil, NoEntry
		case at.children[part].target != "" && (slash || follow):
			if *links++; *links > maxLinks {
				return nil, Loop
			}
			next, err := at.walk(at.children[part].target, true, links)
			if err != 0 {
				return nil, err
			}
			at = next
		default:
			at = at.children[part]
		}
		if slash && path == "" && at.children == nil {
			return nil, NotDirectory
		}
	}
	return at, 0
}

// build makes files of a script, in the model and on the disk.
func build(t *testing.T, dir string, script string) (*node, fstest.MapFS) {
	top := &node{children: map[string]*node{}, name: "."}
	files := fstest.MapFS{}
	for i, line := range strings.Split(script, "\n") {
		kind, rest, _ := strings.Cut(line, " ")
		name, target, _ := strings.Cut(rest, " ")
		parent, base := filepath.Split(name)
		p, err := parse(name)
		if i > 20 || err != nil || p.self || p.name != name || parent != "" && top.find(parent) == nil {
			continue
		}
		in := top.find(parent)
		if in.children == nil || in.children[base] != nil || len(name) > 200 {
			continue
		}
		n, full := &node{parent: in, name: name}, filepath.Join(dir, name)
		switch kind {
		case "d":
			n.children = map[string]*node{}
			err = os.Mkdir(full, 0o777)
			files[name] = &fstest.MapFile{Mode: fs.ModeDir | 0o777}
		case "l":
			if _, err := checkTarget(target); err != nil || len(target) > 200 {
				continue
			}
			n.target = target
			err = os.Symlink(target, full)
			files[name] = &fstest.MapFile{Mode: fs.ModeSymlink | 0o777, Data: []byte(target)}
		default:
			err = os.WriteFile(full, nil, 0o666)
			files[name] = &fstest.MapFile{Mode: 0o666}
		}
		if err != nil {
			continue // a name that the operating system does not have
		}
		in.children[base] = n
	}
	return top, files
}

// find returns what is at a plain path.
func (n *node) find(path string) *node {
	for part := range strings.SplitSeq(strings.Trim(path, "/"), "/") {
		if part == "" {
			continue
		}
		if n = n.children[part]; n == nil {
			return nil
		}
	}
	return n
}

func (n *node) kind() FileType {
	switch {
	case n.children != nil:
		return Directory
	case n.target != "":
		return SymbolicLink
	}
	return RegularFile
}

// FuzzResolve compares what paths lead to with a model of it.
func FuzzResolve(f *testing.F) {
	f.Add("d a\nf a/f\nl l a\nl a/up ..", "l/up/a/f", true)
	f.Add("d a\nl a/out ../../x\nl c c", "a/out/", false)
	f.Add("d a\nd a/b\nl a/b/l ../../f/\nf f", "a/./b//l", true)
	f.Add("l a b/\nl b c/.\nd c\nl c/d ../a/..", "a/d/", false)
	f.Add("d .a\nf .a/..b", ".a/..b/", true)
	f.Fuzz(func(t *testing.T, script, path string, follow bool) {
		if len(path) > 300 {
			return
		}
		dir := t.TempDir()
		top, files := build(t, dir, script)
		p, err := parse(path)
		if err == NameTooLong || err == Invalid || err == IllegalByteSequence || len(p.name) > 200 {
			return
		}
		links := 0
		n, code := top.walk(path, follow, &links)
		all := readers(t, dir)
		all["map"] = FromFS(files).Open(NewQuota(0))
		for name, d := range all {
			s, err := d.StatAt(path, follow)
			switch {
			case links > maxLinks-2 || strings.Count(path, "..")+strings.Count(script, "..") > 8:
				// the order of what is wrong, and what is too much, are free
				if err == nil && n != nil && s.Type != n.kind() {
					t.Errorf("%s: %q in %q is %v, want %v", name, path, script, s.Type, n.kind())
				}
			case CodeOf(err) != code:
				t.Errorf("%s: %q in %q: %v, want %v", name, path, script, err, code)
			case code == 0 && s.Type != n.kind():
				t.Errorf("%s: %q in %q is %v, want %v", name, path, script, s.Type, n.kind())
			case code == 0:
				same, err := d.StatAt(n.name, false)
				if err != nil || same.id != s.id {
					t.Errorf("%s: %q in %q is not %q, %v", name, path, script, n.name, err)
				}
			}
		}
	})
}
