package engine_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWastIsAssembled checks that what testdata/wast/build has made of the scripts there is of
// their present text.
func TestWastIsAssembled(t *testing.T) {
	dir := filepath.Join("testdata", "wast")
	list, err := os.ReadFile(filepath.Join(dir, "SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	left := map[string]bool{}
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		left[f.Name()] = true
	}
	delete(left, "build")
	delete(left, "SHA256SUMS")
	for line := range strings.Lines(string(list)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok || !left[name] {
			t.Errorf("SHA256SUMS has %q, which is not there", name)
			continue
		}
		delete(left, name)
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(b)); got != sum {
			t.Errorf("%s has changed: run testdata/wast/build", name)
		}
	}
	for name := range left {
		t.Errorf("%s is not in SHA256SUMS: run testdata/wast/build", name)
	}
}
