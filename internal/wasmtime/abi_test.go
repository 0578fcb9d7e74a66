package wasmtime

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/skiptest"
)

// layouts are C expressions that must come out the same with wasmtime's headers
// and with wt.h.
var layouts = []string{
	"sizeof(wasm_byte_vec_t)", "offsetof(wasm_byte_vec_t, data)",
	"sizeof(wasm_valtype_vec_t)", "offsetof(wasm_valtype_vec_t, data)",
	"sizeof(wasm_frame_vec_t)", "offsetof(wasm_frame_vec_t, data)",
	"sizeof(wasmtime_func_t)", "_Alignof(wasmtime_func_t)", "offsetof(wasmtime_func_t, store_id)",
	"sizeof(wasmtime_instance_t)", "_Alignof(wasmtime_instance_t)",
	"sizeof(wasmtime_memory_t)", "_Alignof(wasmtime_memory_t)", "offsetof(wasmtime_memory_t, store_id)",
	"sizeof(wasmtime_global_t)", "_Alignof(wasmtime_global_t)", "offsetof(wasmtime_global_t, store_id)",
	"sizeof(wasmtime_table_t)", "_Alignof(wasmtime_table_t)", "offsetof(wasmtime_table_t, store_id)",
	"sizeof(wasmtime_extern_t)", "_Alignof(wasmtime_extern_t)", "offsetof(wasmtime_extern_t, of)", "sizeof(wasmtime_extern_union_t)",
	"sizeof(wasmtime_val_raw_t)", "_Alignof(wasmtime_val_raw_t)",
	"sizeof(wasmtime_val_t)", "_Alignof(wasmtime_val_t)", "offsetof(wasmtime_val_t, of)", "sizeof(wasmtime_valunion_t)",
	"sizeof(wasmtime_async_continuation_t)", "offsetof(wasmtime_async_continuation_t, env)", "offsetof(wasmtime_async_continuation_t, finalizer)",
}

// TestABI compares wt.h with the headers that wasmtime-go ships: version,
// layouts, and the prototypes of all functions that wt.h declares.
func TestABI(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil {
		skiptest.Lacking(t, "no C compiler")
	}
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/bytecodealliance/wasmtime-go/v44").Output()
	if err != nil {
		skiptest.Lacking(t, "wasmtime-go's directory is not known: ", err)
	}
	theirs := abi{t, cc, "#include <wasm.h>\n#include <wasmtime.h>\n", filepath.Join(strings.TrimSpace(string(out)), "build", "include")}
	ours := abi{t, cc, "#include \"wt.h\"\n#define WASMTIME_VERSION WT_VERSION\n#define WASMTIME_EXTERN_FUNC WT_EXTERN_FUNC\n" +
		"#define WASMTIME_EXTERN_MEMORY WT_EXTERN_MEMORY\n#define WASMTIME_EXTERN_SHAREDMEMORY WT_EXTERN_SHAREDMEMORY\n", "."}
	if a, b := theirs.layouts(), ours.layouts(); a != b {
		t.Errorf("theirs:\n%s\nours:\n%s", a, b)
	}
	want, got := theirs.prototypes(), ours.prototypes()
	if len(got) < 80 {
		t.Fatal("wt.h declares only", len(got), "functions")
	}
	for name, p := range got {
		if w, ok := want[name]; !ok {
			t.Errorf("%s is not declared by wasmtime", name)
		} else if w != p {
			t.Errorf("%s has the types %s, not %s", name, w, p)
		}
	}
}

type abi struct {
	t                 *testing.T
	cc, head, include string
}

func (a abi) run(name string, args ...string) string {
	a.t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(name, args...)
	c.Stderr = &stderr
	out, err := c.Output()
	if err != nil {
		a.t.Fatal(err, stderr.String())
	}
	return string(out)
}

func (a abi) layouts() string {
	dir := a.t.TempDir()
	var src strings.Builder
	src.WriteString(a.head + "#include <stddef.h>\n#include <stdio.h>\nint main(void) {\n printf(\"%s %d %d %d\\n\", WASMTIME_VERSION, WASMTIME_EXTERN_FUNC, WASMTIME_EXTERN_MEMORY, WASMTIME_EXTERN_SHAREDMEMORY);\n")
	for _, l := range layouts {
		fmt.Fprintf(&src, " printf(\"%s %%zu\\n\", (size_t)(%s));\n", l, l)
	}
	src.WriteString("}\n")
	file, bin := filepath.Join(dir, "a.c"), filepath.Join(dir, "a")
	if err := os.WriteFile(file, []byte(src.String()), 0o600); err != nil {
		a.t.Fatal(err)
	}
	a.run(a.cc, "-I", a.include, file, "-o", bin)
	return a.run(bin)
}

var (
	prototype = regexp.MustCompile(`^(.*?)\b(wasm\w+)\s*\(([^()]*)\)\s*$`)
	block     = regexp.MustCompile(`\{[^{}]*\}`)
	attribute = regexp.MustCompile(`__attribute__\s*\(\((?:[^()]|\([^()]*\))*\)\)`)
	pointerFn = regexp.MustCompile(`\(\s*\*\s*\w*\s*\)\s*\([^()]*\)`)
	word      = regexp.MustCompile(`\w+`)
)

// prototypes maps the functions that a header declares to the shape of their
// types: each one's base type and how many pointers it is behind.
func (a abi) prototypes() map[string]string {
	file := filepath.Join(a.t.TempDir(), "a.c")
	if err := os.WriteFile(file, []byte(a.head), 0o600); err != nil {
		a.t.Fatal(err)
	}
	text := a.run(a.cc, "-E", "-P", "-I", a.include, file)
	text = attribute.ReplaceAllString(strings.Join(strings.Fields(text), " "), "")
	for range 4 { // from within: bodies, and the parameters of callbacks
		text = block.ReplaceAllString(text, ";")
		text = pointerFn.ReplaceAllString(text, "")
	}
	ps := map[string]string{}
	for _, declaration := range strings.Split(text, ";") {
		m := prototype.FindStringSubmatch(strings.TrimSpace(declaration))
		if m == nil || strings.Contains(m[1], "typedef") {
			continue
		}
		shape := []string{typeShape(m[1])}
		for _, p := range strings.Split(m[3], ",") {
			if p = strings.TrimSpace(p); p != "" && p != "void" {
				shape = append(shape, typeShape(p))
			}
		}
		ps[m[2]] = strings.Join(shape, ", ")
	}
	return ps
}

// sameTypes are names that the headers and wt.h use for one type.
var sameTypes = map[string]string{
	"wasm_name_t": "wasm_byte_vec_t", "wasm_message_t": "wasm_byte_vec_t", "wasmtime_trap_code_t": "uint8_t", "wasm_valkind_t": "uint8_t",
	"byte_t": "char", "wasm_byte_t": "char", "_Bool": "bool", "wasmtime_update_deadline_kind_t": "uint8_t",
}

func typeShape(s string) string {
	stars := strings.Count(s, "*") + strings.Count(s, "[")
	base := ""
	for _, w := range word.FindAllString(s, -1) {
		if slices.Contains([]string{"const", "extern", "own", "struct", "__attribute__", "static", "inline"}, w) {
			continue
		}
		if base = w; true {
			break
		}
	}
	if r, ok := sameTypes[base]; ok {
		base = r
	}
	return base + strings.Repeat("*", stars)
}
