package output_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/output"
)

func TestWhereComponentsPrint(t *testing.T) {
	var own, log bytes.Buffer
	asked := 0
	o := &output.Output{
		Stdout: func(id string) io.Writer { asked++; fmt.Fprintf(&own, "%s: ", id); return &own },
		Log:    slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Dir:    t.TempDir(),
	}
	for _, text := range []string{"one\n", "two"} {
		s := o.Of("cart")
		fmt.Fprint(s.Stdout, text)
		fmt.Fprint(s.Stderr, "err:"+text)
	}
	o.Close()
	o.Close()
	if own.String() != "cart: one\ntwo" || asked != 1 {
		t.Errorf("%q, asked %d times", &own, asked)
	}
	for _, want := range []string{"msg=err:one component=cart stream=stderr", "msg=err:two component=cart stream=stderr"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log lacks %s: %s", want, &log)
		}
	}
	for name, want := range map[string]string{"cart_stdout.txt": "one\ntwo", "cart_stderr.txt": "err:one\nerr:two"} {
		if b, err := os.ReadFile(filepath.Join(o.Dir, name)); err != nil || string(b) != want {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
}

// Files that cannot be written harm nobody.
func TestFilesThatCannotBeOpened(t *testing.T) {
	var log bytes.Buffer
	o := &output.Output{Log: slog.New(slog.NewTextHandler(&log, nil)), Dir: filepath.Join(t.TempDir(), "none")}
	defer o.Close()
	if n, err := fmt.Fprint(o.Of("cart").Stdout, "text"); n != 4 || err != nil {
		t.Error(n, err)
	}
	if n := strings.Count(log.String(), "what the component prints is not kept"); n != 2 { // one for each stream
		t.Errorf("told %d times: %s", n, &log)
	}
	quiet := &output.Output{Dir: o.Dir}
	defer quiet.Close()
	if s := quiet.Of("cart"); s.Stdout != io.Discard || s.Stderr != io.Discard {
		t.Error("without a log there is something to write to")
	}
}

func TestMakeDir(t *testing.T) {
	t.Chdir(t.TempDir())
	dir, err := output.MakeDir("a/logs")
	if info, statErr := os.Stat("a/logs"); err != nil || statErr != nil || !info.IsDir() || !filepath.IsAbs(dir) {
		t.Errorf("%s, %v, %v", dir, err, statErr)
	}
	if err := os.WriteFile("file", nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := output.MakeDir("file"); err == nil {
		t.Error("a file is taken for a folder")
	}
}
