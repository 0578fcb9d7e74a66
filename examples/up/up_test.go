package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// command is the built command.
var command string

func TestMain(m *testing.M) {
	os.Exit(build(m))
}

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "up")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	command = filepath.Join(dir, "up.exe")
	if out, err := exec.Command("go", "build", "-o", command, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "%v: %s", err, out)
		return 1
	}
	return m.Run()
}

// manifest writes an app with a component of WASI 0.2 and one of 0.3.
func manifest(t *testing.T) string {
	t.Helper()
	guests, err := filepath.Abs("../../testdata/guests/rust")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "spin.toml")
	text := fmt.Sprintf(`spin_manifest_version = 2
[application]
name = "test"
[[trigger.http]]
route = "/..."
component = "new"
[[trigger.http]]
route = "/hello"
component = "old"
[component.new]
source = %q
environment = { COLOUR = "green" }
[component.old]
source = %q
`, guests+"/p3.wasm", guests+"/p2.wasm")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// output collects what a command prints, line by line.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
	line chan struct{} // something has come
}

func collect(r io.Reader) *output {
	o := &output{line: make(chan struct{}, 1000)}
	go func() {
		s := bufio.NewScanner(r)
		for s.Scan() {
			o.mu.Lock()
			o.text.WriteString(s.Text() + "\n")
			o.mu.Unlock()
			select {
			case o.line <- struct{}{}:
			default:
			}
		}
	}()
	return o
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// wait waits until the output has a match, and returns it with its groups.
func (o *output) wait(t *testing.T, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	late := time.After(60 * time.Second)
	for {
		if m := re.FindStringSubmatch(o.String()); m != nil {
			return m
		}
		select {
		case <-o.line:
		case <-late:
			t.Fatalf("no %q in %q", pattern, o)
		}
	}
}

// process is the running command.
type process struct {
	t              *testing.T
	cmd            *exec.Cmd
	url            string
	stdout, stderr *output
}

// start runs the command until it serves.
func start(t *testing.T, args ...string) *process {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
	if !slices.Contains(args, "--listen") {
		args = append([]string{"--listen", "127.0.0.1:0"}, args...)
	}
	p := &process{t: t, cmd: exec.CommandContext(ctx, command, args...)}
	out, in := io.Pipe()
	errOut, errIn := io.Pipe()
	p.cmd.Stdout, p.cmd.Stderr = in, errIn
	p.stdout, p.stderr = collect(out), collect(errOut)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		stop()
		if p.cmd.ProcessState == nil {
			_ = p.cmd.Wait()
		}
		in.Close()
		errIn.Close()
	})
	p.url = p.stdout.wait(t, `(?m)^Serving (https?://127\.0\.0\.1:\d+)$`)[1]
	return p
}

func (p *process) get(path string) (int, string) {
	p.t.Helper()
	res, err := http.Get(p.url + path)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		p.t.Error(err)
	}
	return res.StatusCode, string(b)
}

// interrupt asks the command to end, and returns its exit code.
func (p *process) interrupt() int {
	p.t.Helper()
	if runtime.GOOS == "windows" {
		p.t.Skip("there are no signals")
	}
	if err := p.cmd.Process.Signal(syscall.SIGINT); err != nil {
		p.t.Fatal(err)
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

func TestServes(t *testing.T) {
	path := manifest(t)
	for _, from := range []string{path, filepath.Dir(path)} {
		p := start(t, "--from", from)
		p.stdout.wait(t, `(?m)^Available Routes:\n  old: `+p.url+`/hello\n  new: `+p.url+`/ \(wildcard\)$`)
		if s, b := p.get("/hello"); s != 200 || b != "Hello, rust-p2!" {
			t.Errorf("%d %q", s, b)
		}
		if s, b := p.get("/count"); s != 200 || b != "1" {
			t.Errorf("%d %q", s, b)
		}
		if code := p.interrupt(); code != 0 {
			t.Errorf("exit code %d: %s", code, p.stderr)
		}
		if p.stderr.String() != "" {
			t.Errorf("stderr: %s", p.stderr)
		}
	}
}

func TestEnv(t *testing.T) {
	p := start(t, "-f", manifest(t), "--env", "COLOUR=blue", "--env", "EMPTY=", "--env", "SUM=1+1=2")
	if s, b := p.get("/env"); s != 200 || b != "COLOUR=blue\nEMPTY=\nSUM=1+1=2\n" {
		t.Errorf("%d %q", s, b)
	}
}

func TestOutputHasTheComponentsName(t *testing.T) {
	p := start(t, "-f", manifest(t))
	p.get("/stdout?text=one%0Atwo")
	p.stdout.wait(t, `(?m)^new: one\nnew: two$`)
	p.stderr.wait(t, `(?m)^new: err:one\nnew: two$`)
}

func TestQuiet(t *testing.T) {
	p := start(t, "-f", manifest(t), "--quiet")
	before := p.stdout.wait(t, `(?s)^.*wildcard\)\n$`)[0]
	for range 10 {
		if s, _ := p.get("/stdout?text=secret"); s != 204 {
			t.Error(s)
		}
	}
	if code := p.interrupt(); code != 0 || p.stdout.String() != before || p.stderr.String() != "" {
		t.Errorf("exit code %d, %q, %q", code, p.stdout, p.stderr)
	}
}

func TestTimeouts(t *testing.T) {
	tests := []struct{ flag, path, log string }{
		{"--request-timeout=100ms", "/never", "not responded within the time for requests"},
		{"--compute-timeout=100ms", "/loop", "computed for more than 100ms"},
	}
	for _, tt := range tests {
		t.Run(tt.flag, func(t *testing.T) {
			p := start(t, "-f", manifest(t), tt.flag)
			if s, b := p.get(tt.path); s != 500 || b != "" {
				t.Errorf("%d %q", s, b)
			}
			p.stderr.wait(t, `level=ERROR msg=.*`+tt.log+`.* component=new`)
			if s, _ := p.get("/hello"); s != 200 {
				t.Error(s)
			}
		})
	}
}

// Requests in progress are answered, new ones are not taken.
func TestInterruptLetsRequestsFinish(t *testing.T) {
	p := start(t, "-f", manifest(t))
	res, err := http.Get(p.url + "/slow-body?chunks=10&ms=50")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body := make(chan string)
	go func() {
		b, err := io.ReadAll(res.Body)
		body <- fmt.Sprint(string(b), err)
	}()
	code := p.interrupt()
	if b := <-body; !strings.HasSuffix(b, "chunk 9\n<nil>") {
		t.Errorf("%q", b)
	}
	if code != 0 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
	if _, err := http.Get(p.url + "/hello"); err == nil {
		t.Error("it still serves")
	}
}

func TestFailures(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.toml")
	text := "spin_manifest_version = 2\n[application]\nname = \"test\"\n[[trigger.http]]\nrout = \"/\"\ncomponent = \"x\"\n[component.x]\nsource = \"x.wasm\"\n"
	if err := os.WriteFile(bad, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		behaviour string
		args      []string
		code      int
		stderr    string // the whole of it, or its beginning if it ends with ...
	}{
		{"a bad manifest", []string{"--from", bad}, 1, "Error: " +
			bad + ":5:1: trigger.http[0].rout: unknown key \"rout\": did you mean \"route\"?\n" +
			bad + ":8:10: component \"x\": source \"x.wasm\": stat " + filepath.Join(dir, "x.wasm") + ": no such file or directory; build the component, or correct the path\n"},
		{"no manifest", []string{"--from", filepath.Join(dir, "none.toml")}, 1,
			"Error: manifest: open " + filepath.Join(dir, "none.toml") + ": no such file or directory\n"},
		{"a folder without manifest", []string{"--from", dir}, 1,
			"Error: manifest: open " + filepath.Join(dir, "spin.toml") + ": no such file or directory\n"},
		{"an address that cannot be", []string{"--listen", "127.0.0.1:99999"}, 1, "Error: listen tcp: address 99999: invalid port\n"},
		{"an unknown flag", []string{"--form", bad}, 2, "flag provided but not defined: -form\nUsage of up:\n..."},
		{"a variable without value", []string{"--env", "COLOUR"}, 2, "invalid value \"COLOUR\" for flag -env: want NAME=VALUE\n..."},
		{"a variable without name", []string{"--env", "=x"}, 2, "invalid value \"=x\" for flag -env: want NAME=VALUE\n..."},
		{"an argument too many", []string{bad}, 2, "unexpected argument \"" + bad + "\": name the manifest with --from\n"},
		{"a time that is none", []string{"--request-timeout", "soon"}, 2, "invalid value \"soon\" for flag -request-timeout: \"soon\": write a time such as 500ms or 30, which is in seconds, or a range such as 100..500ms\n..."},
		{"a range with nothing in it", []string{"--max-instance-reuse-count", "5..5"}, 2, "invalid value \"5..5\" for flag -max-instance-reuse-count: \"5..5\" has no numbers in it: ..."},
		{"a certificate without key", []string{"--tls-cert", "x.pem"}, 2, "--tls-cert and --tls-key belong together: give both\n"},
		{"a key without certificate", []string{"--tls-key", "x.pem"}, 2, "--tls-cert and --tls-key belong together: give both\n"},
		{"header sections that are too small", []string{"--http1-max-buf-size", "8191"}, 2, "--http1-max-buf-size: 8191 is too small for requests of browsers: give at least 8192\n"},
		{"a question", []string{"--help"}, 0, "Usage of up:\n..."},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			cmd := exec.Command(command, append([]string{"--listen", "127.0.0.1:0"}, tt.args...)...)
			var stdout, stderr strings.Builder
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			_ = cmd.Run()
			beginning, isBeginning := strings.CutSuffix(tt.stderr, "...")
			if got := stderr.String(); got != tt.stderr && !(isBeginning && strings.HasPrefix(got, beginning)) {
				t.Errorf("stderr:\n%s\nwant:\n%s", got, tt.stderr)
			}
			if code := cmd.ProcessState.ExitCode(); code != tt.code || stdout.String() != "" {
				t.Errorf("exit code %d, want %d; stdout %q", code, tt.code, stdout.String())
			}
		})
	}
}

func TestInstanceReuse(t *testing.T) {
	path := manifest(t)
	for _, tt := range []struct {
		args []string
		most string // requests that an instance has had
	}{
		{[]string{"--max-instance-reuse-count", "1"}, "1"},
		{[]string{"--max-instance-reuse-count", "2", "--idle-instance-timeout", "1m"}, "2"},
		{[]string{"--max-instance-reuse-count", "2..3", "--idle-instance-timeout", "60..120s", "--max-instance-concurrent-reuse-count", "1"}, "2"},
	} {
		p := start(t, append([]string{"-f", path}, tt.args...)...)
		most := ""
		for range 20 { // some may come before their instance has done with the one before
			_, b := p.get("/count")
			most = max(most, b)
		}
		if most != tt.most {
			t.Errorf("%q: up to %s, want %s", tt.args, most, tt.most)
		}
	}
}
