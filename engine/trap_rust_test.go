package engine_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine"
)

// rustGuests is where the guests are that Rust has compiled.
var rustGuests = filepath.Join("..", "testdata", "guests", "rust")

// marked finds the line of a source file that ends with a comment.
func marked(t *testing.T, file, comment string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(rustGuests, "trap", "src", file))
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(b), "\n") {
		if strings.HasSuffix(line, "// "+comment) {
			return i + 1
		}
	}
	t.Fatalf("%s has no line %q", file, comment)
	return 0
}

// The report of a trap names the lines of a Rust program as rustc's tables give them: in each
// frame the innermost function of those that were inlined into one another.
func TestTrapSaysWhereInRust(t *testing.T) {
	type place struct{ file, comment string }
	const beyond = uint32(0x7fff0000) // of the guest's memory
	rt := newRuntime(t)
	for _, version := range []int{4, 5} {
		wasm, err := os.ReadFile(filepath.Join(rustGuests, fmt.Sprintf("trap-dwarf%d.wasm", version)))
		if err != nil {
			t.Fatal(err)
		}
		directory := map[int]string{4: "", 5: "rust/trap/"}[version] // of the compilation: version 4 has it elsewhere
		p := linked(t, engine.NewLinker(), rt, decode(t, wasm))
		for _, tt := range []struct {
			function string
			reason   string
			at       []place // innermost first
		}{
			{"calls", "out of bounds memory access", []place{{"lib.rs", "calls: inner"}, {"lib.rs", "calls: outer"}, {"lib.rs", "calls: export"}}},
			{"inlined", "out of bounds memory access", []place{{"ledger.rs", "inlined: entry"}}},
			{"twice-inlined", "out of bounds memory access", []place{{"ledger.rs", "twice inlined: part"}}},
			{"panics", "unreachable", []place{{"lib.rs", "panics: export"}}},
		} {
			t.Run(fmt.Sprintf("DWARF %d/%s", version, tt.function), func(t *testing.T) {
				f, err := p.Func("test:places/places@1.0.0", tt.function)
				if err != nil {
					t.Fatal(err)
				}
				_, err = instance(t, p, engine.InstanceConfig{}).Call(context.Background(), f, beyond)
				var trap *engine.TrapError
				if !errors.As(err, &trap) || !strings.Contains(trap.Reason, tt.reason) {
					t.Fatalf("got %v", err)
				}
				lines := strings.Split(err.Error(), "\n")[1:]
				frame := 0
				for _, want := range tt.at {
					text := fmt.Sprintf(" %ssrc/%s:%d", directory, want.file, marked(t, want.file, want.comment))
					for frame < len(lines) && !strings.HasSuffix(lines[frame], text) {
						frame++
					}
					if frame++; frame > len(lines) {
						t.Fatalf("no frame at%s, or not in this order:\n%v", text, err)
					}
				}
			})
		}
	}
}
