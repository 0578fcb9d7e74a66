package mounts

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Tree is what a guest sees: regular files in folders, read-only and without
// symbolic links. It is an [fs.FS] and can be used by many goroutines at once.
type Tree struct {
	app      fs.FS
	root     *node
	files    map[string]*node // by guest path
	warnings Errors
}

// node is a file or a folder of a tree.
type node struct {
	source   string           // path below the app's folder, as found
	real     string           // the same without symbolic links
	children map[string]*node // of a folder
}

func newTree(app fs.FS) *Tree {
	return &Tree{app: app, root: newFolder(), files: make(map[string]*node)}
}

func newFolder() *node { return &node{children: make(map[string]*node)} }

func (n *node) isDir() bool { return n.children != nil }

// put puts a file at a guest path. It returns the source of another file that was
// there, or an error if the place is taken by a folder or is below a file.
func (t *Tree) put(to, source, real string) (old string, err error) {
	dir := t.root
	parts := strings.Split(to, "/")
	for _, part := range parts[:len(parts)-1] {
		next := dir.children[part]
		if next == nil {
			next = newFolder()
			dir.children[part] = next
		}
		if dir = next; !dir.isDir() {
			return "", ErrDestination
		}
	}
	last := parts[len(parts)-1]
	if n := dir.children[last]; n != nil {
		if n.isDir() {
			return "", ErrDestination
		}
		if n.real != real {
			old = n.source
		}
	}
	n := &node{source: source, real: real}
	dir.children[last], t.files[to] = n, n
	return old, nil
}

// find returns the file or the folder at a path of package fs.
func (t *Tree) find(op, name string) (*node, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	n := t.root
	if name == "." {
		return n, nil
	}
	for part := range strings.SplitSeq(name, "/") {
		if n = n.children[part]; n == nil {
			return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrNotExist}
		}
	}
	return n, nil
}

// File says where a file of a tree comes from.
type File struct {
	Guest  string // where guests see it, such as /static/a.txt
	Source string // path below the app's folder, such as public/a.txt
}

// Files returns the files of the tree, sorted by guest path.
func (t *Tree) Files() []File {
	list := make([]File, 0, len(t.files))
	for to, n := range t.files {
		list = append(list, File{path.Join("/", to), n.source})
	}
	slices.SortFunc(list, func(a, b File) int { return strings.Compare(a.Guest, b.Guest) })
	return list
}

// Warnings returns what is allowed and was probably not meant, with the entries
// that say it. Their cause is nil.
func (t *Tree) Warnings() Errors { return t.warnings }
