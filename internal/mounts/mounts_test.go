package mounts_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/spinhost/spin/internal/mounts"
	"github.com/spinhost/spin/internal/skiptest"
)

// folder makes an app's folder. Each name is a file whose content is its name, an
// empty folder if it ends in a slash, or "link -> target".
func folder(names ...string) fstest.MapFS {
	app := fstest.MapFS{}
	for _, name := range names {
		link, target, isLink := strings.Cut(name, " -> ")
		switch {
		case isLink:
			app[link] = &fstest.MapFile{Data: []byte(target), Mode: fs.ModeSymlink | 0o777}
		case strings.HasSuffix(name, "/"):
			app[strings.TrimSuffix(name, "/")] = &fstest.MapFile{Mode: fs.ModeDir | 0o755}
		default:
			app[name] = &fstest.MapFile{Data: []byte(name), Mode: 0o644}
		}
	}
	return app
}

// onDisk writes the same folder to a disk.
func onDisk(t testing.TB, app fstest.MapFS) string {
	t.Helper()
	dir := t.TempDir()
	for name, file := range app {
		full := filepath.Join(dir, name)
		must(t, os.MkdirAll(filepath.Dir(full), 0o755))
		switch file.Mode.Type() {
		case fs.ModeSymlink:
			must(t, os.Symlink(string(file.Data), full))
		case fs.ModeDir:
			must(t, os.MkdirAll(full, 0o755))
		default:
			must(t, os.WriteFile(full, file.Data, 0o644))
		}
	}
	return dir
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// systems are the ways in which an embedder may give a folder.
func systems(t *testing.T, app fstest.MapFS) map[string]fs.FS {
	dir := onDisk(t, app)
	root, err := os.OpenRoot(dir)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	return map[string]fs.FS{"map": app, "dir": os.DirFS(dir), "root": root.FS()}
}

// spec reads entries of files, "source => destination" for a table, each on a line
// of its own, and patterns of exclude_files after !.
func spec(entries ...string) mounts.Spec {
	var s mounts.Spec
	for i, text := range entries {
		pos := mounts.Position{File: "spin.toml", Line: i + 1, Column: 1}
		if pattern, ok := strings.CutPrefix(text, "!"); ok {
			s.Exclude = append(s.Exclude, mounts.Exclude{Pattern: pattern, Pos: pos})
			continue
		}
		source, destination, table := strings.Cut(text, "=>")
		s.Files = append(s.Files, mounts.Entry{Source: strings.TrimSuffix(source, " "),
			Destination: strings.TrimPrefix(destination, " "), Table: table, Pos: pos})
	}
	return s
}

// listing writes files as guest=source, or only one where both are the same.
func listing(tree *mounts.Tree) string {
	var list []string
	for _, f := range tree.Files() {
		if guest := f.Guest[1:]; guest != f.Source {
			list = append(list, guest+"="+f.Source)
		} else {
			list = append(list, guest)
		}
	}
	return strings.Join(list, " ")
}

// site is a folder with what people have, and some of what they should not.
var site = folder("static/a.js", "static/b.css", "static/.hidden", "static/img/x.png", "static/img/deep/y.png",
	"static/empty/", "f.txt", "a[1].txt", "a1.txt", ".env", "Z.txt", "links/file -> ../f.txt", "links/img -> ../static/img",
	"links/gone -> ../nowhere")

func TestCopied(t *testing.T) {
	fsystems := systems(t, site)
	for name, c := range map[string]struct {
		entries []string
		want    string
	}{
		"nothing":                       {nil, ""},
		"a file":                        {[]string{"f.txt"}, "f.txt"},
		"a file in a folder":            {[]string{"static/a.js"}, "static/a.js"},
		"a file with a dot before":      {[]string{"./static/./a.js"}, "static/a.js"},
		"a literal name before pattern": {[]string{"a[1].txt"}, "a[1].txt"},
		"a set":                         {[]string{"a[0-9].txt"}, "a1.txt"},
		"a set without":                 {[]string{"[!a].txt"}, "Z.txt f.txt"},
		"a question mark":               {[]string{"?.txt"}, "Z.txt f.txt"},
		"a star stays in the folder":    {[]string{"static/*"}, "static/.hidden static/a.js static/b.css"},
		"a star matches dots":           {[]string{"*env"}, ".env"},
		"a star for folders":            {[]string{"*/img/*"}, "links/img/x.png=links/img/x.png static/img/x.png"},
		"folders of any depth":          {[]string{"**/*.png"}, "links/img/deep/y.png links/img/x.png static/img/deep/y.png static/img/x.png"},
		"folders in the middle":         {[]string{"static/**/deep/*"}, "static/img/deep/y.png"},
		"two times folders":             {[]string{"**/static/**/*.js"}, "static/a.js"},
		"case matters":                  {[]string{"z*"}, ""},
		"a pattern without match":       {[]string{"nope/*"}, ""},
		"a pattern below a file":        {[]string{"f.txt/*"}, ""},
		"a pattern for folders":         {[]string{"static/**", "static/*/", "**"}, ""},
		"a bracket without a set":       {[]string{"a]"}, ""},
		"a folder doubles its path":     {[]string{"static/img"}, "static/img/static/img/deep/y.png=static/img/deep/y.png static/img/static/img/x.png=static/img/x.png"},
		"a folder with a slash":         {[]string{"static/img/deep/"}, "static/img/deep/static/img/deep/y.png=static/img/deep/y.png"},
		"a table with a file":           {[]string{"f.txt => /x/g.txt"}, "x/g.txt=f.txt"},
		"a table without slash":         {[]string{"f.txt => g.txt"}, "g.txt=f.txt"},
		"a table with a folder":         {[]string{"static/img => /"}, "deep/y.png=static/img/deep/y.png x.png=static/img/x.png"},
		"a table to a folder":           {[]string{"static/img/ => /p/./q/"}, "p/q/deep/y.png=static/img/deep/y.png p/q/x.png=static/img/x.png"},
		"a table with everything":       {[]string{". => /all", "!static/*", "!links/*"}, "all/.env=.env all/Z.txt=Z.txt all/a1.txt=a1.txt all/a[1].txt=a[1].txt all/f.txt=f.txt"},
		"a table with an empty folder":  {[]string{"static/empty => /e"}, ""},
		"links to files":                {[]string{"links/file"}, "links/file"},
		"links in folders":              {[]string{"links => /l"}, "l/file=links/file l/img/deep/y.png=links/img/deep/y.png l/img/x.png=links/img/x.png"},
		"below a link":                  {[]string{"links/img/x.png"}, "links/img/x.png"},
		"the same file twice":           {[]string{"static/a.js", "static/*.js"}, "static/a.js"},
		"the later entry wins":          {[]string{"f.txt => /x", "Z.txt => /x"}, "x=Z.txt"},
		"exclude by extension":          {[]string{"static/*", "!**/*.js"}, "static/.hidden static/b.css"},
		"an exclude crosses slashes":    {[]string{"static => /s", "!static/i*g"}, "s/.hidden=static/.hidden s/a.js=static/a.js s/b.css=static/b.css"},
		"exclude a folder":              {[]string{"static => /s", "!static/img/**"}, "s/.hidden=static/.hidden s/a.js=static/a.js s/b.css=static/b.css"},
		"exclude the folder's name":     {[]string{"static/img => /", "!static/img"}, "deep/y.png=static/img/deep/y.png x.png=static/img/x.png"},
		"exclude by source":             {[]string{"static/img => /i", "!i/*"}, "i/deep/y.png=static/img/deep/y.png i/x.png=static/img/x.png"},
		"no exclude for literal files":  {[]string{"f.txt", "Z.txt => /z", "!*"}, "f.txt z=Z.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			for system, app := range fsystems {
				tree, err := mounts.Copied(t.Context(), app, spec(c.entries...))
				if err != nil {
					t.Fatalf("%s: %v", system, err)
				}
				want := strings.ReplaceAll(c.want, "links/img/x.png=links/img/x.png", "links/img/x.png")
				if got := listing(tree); got != want {
					t.Errorf("%s: got  %s\nwant %s", system, got, want)
				}
			}
		})
	}
}

func TestExcludedLinksAreNotFollowed(t *testing.T) {
	app := folder("s/a", "s/out -> ../../x", "s/dir -> /etc", "s/up -> ../s")
	tree, err := mounts.Copied(t.Context(), app, spec("s => /", "!s/out", "!s/dir", "!s/up"))
	if err != nil || listing(tree) != "a=s/a" {
		t.Errorf("got %v %v", tree, err)
	}
}

func TestWarnings(t *testing.T) {
	for entry, want := range map[string]string{
		"static/**":   `stands for folders, not for the files in them: write "static/**/*"`,
		"static/img":  `puts its files at /static/img/static/img: write { source = "static/img", destination = "/static/img" } for those at /static/img`,
		"f.txt => /x": `replaces "/x", which was "Z.txt": leave one of the two out`,
	} {
		tree, err := mounts.Copied(t.Context(), site, spec("Z.txt => /x", entry))
		if err != nil || len(tree.Warnings()) != 1 || !strings.Contains(tree.Warnings()[0].Error(), want) {
			t.Errorf("%s: got %v %v", entry, tree.Warnings(), err)
		}
	}
	tree, err := mounts.Copied(t.Context(), site, spec("static/*", "f.txt", "static => /s"))
	if err != nil || len(tree.Warnings()) != 0 {
		t.Errorf("got %v %v", tree.Warnings(), err)
	}
}

func TestNamesThatAreNoText(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "ok"), nil, 0o644))
	if err := os.WriteFile(filepath.Join(dir, "a\xff"), nil, 0o644); err != nil {
		skiptest.Lacking(t, "the file system has only names that are text: ", err)
	}
	tree, err := mounts.Copied(t.Context(), os.DirFS(dir), spec(". => /"))
	must(t, err)
	if listing(tree) != "ok" || len(tree.Warnings()) != 1 || !strings.Contains(tree.Warnings()[0].Error(), "is not UTF-8") {
		t.Errorf("got %s and %v", listing(tree), tree.Warnings())
	}
}

func TestContext(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	reason := errors.New("enough")
	cancel(reason)
	if _, err := mounts.Copied(ctx, site, spec("static/*")); !errors.Is(err, reason) {
		t.Errorf("got %v", err)
	}
}
