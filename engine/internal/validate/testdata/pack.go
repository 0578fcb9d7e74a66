//go:build ignore

// Pack assembles .wast files with wasm-tools, which must be in the path, and
// packs the components of each into one .json file beside it.
package main

import (
	"encoding/json"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// fixture is one component of a .wast file.
type fixture struct {
	Line int
	Want string `json:",omitempty"` // rule and part of the message; empty if it is valid
	Wasm []byte
}

func main() {
	log.SetFlags(0)
	for _, wast := range os.Args[1:] {
		if err := pack(wast); err != nil {
			log.Fatalf("%s: %v", wast, err)
		}
	}
}

func pack(wast string) error {
	dir, err := os.MkdirTemp("", "pack")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	list := filepath.Join(dir, "list.json")
	cmd := exec.Command("wasm-tools", "json-from-wast", "-o", list, "--wasm-dir", dir, wast)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	b, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var script struct {
		Commands []struct {
			Line                 int
			Type, Filename, Text string
		}
	}
	if err := json.Unmarshal(b, &script); err != nil {
		return err
	}
	var fixtures []fixture
	for _, c := range script.Commands {
		wasm, err := os.ReadFile(filepath.Join(dir, c.Filename))
		if err != nil {
			return err
		}
		fixtures = append(fixtures, fixture{c.Line, c.Text, wasm})
	}
	b, err = json.MarshalIndent(fixtures, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(strings.TrimSuffix(wast, ".wast")+".json", append(b, '\n'), 0o644)
}
