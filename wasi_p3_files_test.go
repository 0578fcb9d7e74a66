package spin_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func (p *wasiP3) files(t *testing.T) {
	if got := p.call(t, t.Context(), "mounts"); got != `["/", "/data"]` {
		t.Errorf("mounts: %s", got)
	}
	for _, test := range []struct {
		function string
		files    map[string]string // that are there after it, in a folder of the name of the function
	}{
		{"contents", map[string]string{"streams.txt": "hello, World!\x00\x00far", "sizes.txt": "\x00\x00", "advice.txt": "hello", "wrong.txt": "hell!"}},
		{"openings", map[string]string{"flags.txt": "hello", "old.txt": "", "a.txt": "same"}},
		{"folders", nil},
		{"renames", map[string]string{"empty/c": "of b", "../../second/moved": "x"}},
		{"links", map[string]string{"file": "hello!", "sub/link": "hello!", "folder/link": "hello!"}},
		{"metadata", map[string]string{"file": "hello", "link": "hello"}},
		{"times", map[string]string{"file": "hello"}},
	} {
		t.Run(test.function, func(t *testing.T) {
			p.call(t, t.Context(), test.function)
			for name, want := range test.files {
				got, err := os.ReadFile(filepath.Join(p.dir, "first", test.function, name))
				if err != nil || string(got) != want {
					t.Errorf("%s is %q, %v, want %q", name, got, err, want)
				}
			}
		})
	}
	p.filesOnDisk(t)
}

// filesOnDisk looks at what only the operating system tells.
func (p *wasiP3) filesOnDisk(t *testing.T) {
	at := func(name string) string { return filepath.Join(p.dir, "first", filepath.FromSlash(name)) }
	for name, want := range map[string]time.Time{
		"times": time.Unix(8, 0), "times/file": time.Unix(101, 2), "times/link": time.Unix(201, 2),
	} {
		info, err := os.Lstat(at(name))
		if err != nil {
			t.Error(err)
		} else if !info.ModTime().Equal(want) {
			t.Errorf("%s was changed at %v, want %v", name, info.ModTime(), want)
		}
	}
	for name, want := range map[string]string{"links/sub/link": "../file", "links/dangling": "nowhere", "folders/link": "file"} {
		if got, err := os.Readlink(at(name)); err != nil || filepath.ToSlash(got) != want {
			t.Errorf("%s leads to %q, %v, want %q", name, got, err, want)
		}
	}
	large, err := os.ReadFile(at("contents/large.txt"))
	if err != nil || !bytes.HasPrefix(large, []byte("0\n1\n2\n")) || !bytes.HasSuffix(large, []byte("\n199998\n199999\n")) {
		t.Errorf("large.txt has %d bytes, %v", len(large), err)
	}
	if names, err := filepath.Glob(at("folders/*")); err != nil || len(names) != 1 {
		t.Errorf("left in folders: %v, %v", names, err)
	}
}

func (p *wasiP3) readOnly(t *testing.T) {
	before := listing(t, p.dir)
	if got, want := p.call(t, t.Context(), "refusals"), `[("a.txt", "RegularFile"), ("sub", "Directory")]`; got != want {
		t.Errorf("there is %s, want %s", got, want)
	}
	if after := listing(t, p.dir); after != before {
		t.Errorf("there is\n%s\nand was\n%s", after, before)
	}
}
