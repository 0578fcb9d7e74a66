package http_test

import (
	"errors"
	"fmt"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	wasicli "github.com/spinhost/spin/hostapi/wasi/cli"
	httptrigger "github.com/spinhost/spin/trigger/http"
)

const exportRun = "wasi:cli/run@0.2.0"

// wagi serves a program on a route; executor has more keys of that.
func wagi(t *testing.T, route, executor string, program func(*hostapi.Command) (result, trap error)) *running {
	t.Helper()
	r := serve(t, httptrigger.Config{}, single(route)+"executor = { type = \"wagi\""+executor+" }\n",
		&component{id: "guest", exports: []string{exportRun}, program: program})
	r.client.CheckRedirect = func(*nethttp.Request, []*nethttp.Request) error { return nethttp.ErrUseLastResponse }
	return r
}

// show prints what a program sees.
func show(c *hostapi.Command) (error, error) {
	in, err := io.ReadAll(c.Stdin)
	fmt.Fprintf(c.Stdout, "Content-Type: text/plain\n\nargs %q\n", c.Args)
	for _, v := range c.Env {
		fmt.Fprintf(c.Stdout, "%s=%s\n", v.Name, v.Value)
	}
	fmt.Fprintf(c.Stdout, "stdin %q %v\n", in, err)
	return nil, nil
}

func TestArgumentsOfPrograms(t *testing.T) {
	tests := []struct{ executor, target, want string }{
		{"", "/w", `["/w" ""]`},
		{"", "/w?a=1&b=2", `["/w" "a=1" "b=2"]`},
		{"", "/w/x%20y?a=b%20c+d", `["/w/x%20y" "a=b%20c+d"]`},
		{", argv = \"run ${ARGS} in ${SCRIPT_NAME}\"", "/w?a&b", `["run" "a" "b" "in" "/w"]`},
		{", argv = \"\", entrypoint = \"_start\"", "/w", `[""]`},
		{", argv = \"${ARGS}\"", "/w?${SCRIPT_NAME}", `["${SCRIPT_NAME}"]`},
	}
	for _, tt := range tests {
		r := wagi(t, "/w/...", tt.executor, show)
		if a := r.get(tt.target); a.status != 200 || !strings.HasPrefix(a.body, "args "+tt.want+"\n") {
			t.Errorf("%s %s: %+v", tt.executor, tt.target, a)
		}
	}
}

func TestVariablesOfPrograms(t *testing.T) {
	r := wagi(t, "/w/:user_id/...", "", show)
	req := r.request("POST", "/w/7/a%20b/?q=1&r", strings.NewReader("the body"))
	req.Host = "example.com:81"
	req.Header = map[string][]string{
		"Content-Type": {"text/plain"}, "X-Two": {"1", "2"}, "Authorization": {"secret"}, "Proxy": {"http://evil.example"},
		"Spin-Path-Info": {"forged"}, "X-User": {"true one"}, "X_user": {"forged"}, "Only_underscores": {"kept"}, "User-Agent": {"test"},
	}
	a := r.do(req)
	got := strings.Split(a.body, "\n")
	want := `args ["/w/7/a%20b/" "q=1" "r"]
AUTH_TYPE=
CONTENT_LENGTH=8
CONTENT_TYPE=text/plain
GATEWAY_INTERFACE=CGI/1.1
HTTP_CONTENT_LENGTH=8
HTTP_CONTENT_TYPE=text/plain
HTTP_HOST=example.com:81
HTTP_ONLY_UNDERSCORES=kept
HTTP_USER_AGENT=test
HTTP_X_TWO=1, 2
HTTP_X_USER=true one
PATH_INFO=/a%20b/
PATH_TRANSLATED=/a b/
QUERY_STRING=q=1&r
REMOTE_ADDR=127.0.0.1
REMOTE_HOST=127.0.0.1
REMOTE_USER=
REQUEST_METHOD=POST
SCRIPT_NAME=/w/:user_id
SERVER_NAME=example.com
SERVER_PORT=81
SERVER_PROTOCOL=HTTP/1.1
SERVER_SOFTWARE=WAGI/1
X_BASE_PATH=/
X_CLIENT_ADDR=127.0.0.1:
X_COMPONENT_ROUTE=/w/:user_id
X_FULL_URL=http://example.com:81/w/7/a%20b/?q=1&r
X_MATCHED_ROUTE=/w/:user_id/...
X_PATH_MATCH_USER_ID=7
X_RAW_COMPONENT_ROUTE=/w/:user_id/...
X_RAW_PATH_INFO=/a%20b/
stdin "the body" <nil>`
	for i, line := range got {
		if strings.HasPrefix(line, "X_CLIENT_ADDR=127.0.0.1:") {
			got[i] = "X_CLIENT_ADDR=127.0.0.1:" // and some port
		}
	}
	for _, line := range strings.Split(want, "\n") {
		if !slices.Contains(got, line) {
			t.Errorf("no %q in\n%s", line, a.body)
		}
	}
	for _, word := range []string{"forged", "secret", "evil", "HTTP_SPIN", "HTTP_CONNECTION"} {
		if strings.Contains(a.body, word) {
			t.Errorf("%q in\n%s", word, a.body)
		}
	}
}

func TestServerOfPrograms(t *testing.T) {
	a := load(t, httptrigger.Config{}, single("/")+"executor = { type = \"wagi\" }\n", &component{id: "guest", exports: []string{exportRun}, program: show})
	for host, want := range map[string]string{
		"example.com": "SERVER_NAME=example.com\nSERVER_PORT=80\n", "[::1]": "SERVER_NAME=::1\nSERVER_PORT=80\n", "[::1]:81": "SERVER_NAME=::1\nSERVER_PORT=81\n",
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://x/", nil)
		r.Host, r.RemoteAddr = host, "[2001:db8::1]:1234"
		a.ServeHTTP(w, r)
		if !strings.Contains(w.Body.String(), want) || !strings.Contains(w.Body.String(), "\nREMOTE_ADDR=2001:db8::1\n") ||
			!strings.Contains(w.Body.String(), "\nSCRIPT_NAME=\n") || !strings.Contains(w.Body.String(), "\nPATH_INFO=\n") {
			t.Errorf("%s: %d\n%s", host, w.Code, w.Body)
		}
	}
	w := httptest.NewRecorder()
	a.Local("guest").ServeHTTP(w, httptest.NewRequest("GET", "http://guest.spin.internal/p", nil))
	if s := w.Body.String(); !strings.Contains(s, "\nREMOTE_ADDR=0.0.0.0\n") || !strings.Contains(s, "\nPATH_INFO=/p\n") || strings.Contains(s, "HTTP_HOST") {
		t.Errorf("%d\n%s", w.Code, s)
	}
}

func TestWhatProgramsPrint(t *testing.T) {
	tests := []struct {
		behaviour, out string
		status         int
		body           string
		header         map[string]string
	}{
		{"a type", "Content-Type: text/plain\n\nhello\n", 200, "hello\n", map[string]string{"Content-Type": "text/plain", "Content-Length": "6"}},
		{"lines as in HTTP", "content-type: text/plain\r\nX-A:b\r\n\r\nhel\r\nlo", 200, "hel\r\nlo", map[string]string{"Content-Type": "text/plain", "X-A": "b"}},
		{"a status", "Status: 404 Not Found\n\nno", 404, "no", map[string]string{"Content-Type": "", "Status": ""}},
		{"a location", "Location: /z\n\n", 302, "", map[string]string{"Location": "/z"}},
		{"a location with a status", "Location: /z\nStatus: 301\n\n", 301, "", map[string]string{"Location": "/z"}},
		{"no empty line", "Content-Type: text/plain", 200, "", map[string]string{"Content-Type": "text/plain"}},
		{"the last of a name counts", "Content-Type: a/b\nset-cookie: a=1\nSet-Cookie: b=2\n\n", 200, "", map[string]string{"Set-Cookie": "b=2"}},
		{"lines that are no fields", "Content-Type: a/b\nhello\na b: c\n: d\nX: e\n\n", 200, "", map[string]string{"X": "e"}},
		{"fields of the connection", "Content-Type: a/b\nContent-Length: 99\nTransfer-Encoding: chunked\n\nfour", 200, "four", map[string]string{"Content-Length": "4"}},
		{"bytes", "Content-Type: a/b\n\n\xff\x00\n\n", 200, "\xff\x00\n\n", nil},
		{"a status that is none", "Status: abc\n\n", 502, "the program has printed a status that is no number from 200 to 999\n", nil},
		{"a status that ends nothing", "Status: 100\n\n", 502, "the program has printed a status that is no number from 200 to 999\n", nil},
		{"no header that counts", "X-A: b\n\nsecret", 500, "the program has printed no header of a response: it needs a line with content-type, status or location, and an empty line after it\n",
			map[string]string{"X-A": ""}},
		{"a body alone", "\nsecret", 500, "the program has printed no header of a response: it needs a line with content-type, status or location, and an empty line after it\n", nil},
		{"nothing", "", 500, "", nil},
		{"a header that is not UTF-8", "Content-Type: a/b\nX: \xff\n\n", 500, "", nil},
		{"a control character", "Content-Type: a/b\nX: a\x00b\n\n", 500, "", nil},
		{"a carriage return inside", "Content-Type: a/b\nX: a\rSet-Cookie: b\n\n", 200, "", map[string]string{"X": "aSet-Cookie: b", "Set-Cookie": ""}},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			r := wagi(t, "/", "", func(c *hostapi.Command) (error, error) {
				_, err := io.WriteString(c.Stdout, tt.out)
				return nil, err
			})
			a := r.do(r.request("GET", "/", nil))
			if a.err != nil || a.status != tt.status || a.body != tt.body {
				t.Errorf("%+v", a)
			}
			for name, want := range tt.header {
				if got := a.header.Get(name); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		})
	}
}

func TestHowProgramsEnd(t *testing.T) {
	tests := []struct {
		behaviour    string
		result, trap error
		status       int
		log          string
	}{
		{"it returns", nil, nil, 200, "deprecated"},
		{"it exits", nil, &wasicli.ExitError{Code: 0}, 200, ""},
		{"it fails after it has printed", abi.Err[abi.None]{}, nil, 200, "returned an error"},
		{"it exits with a code", nil, &wasicli.ExitError{Code: 3}, 500, "code 3"},
		{"it traps", nil, errors.New("unreachable"), 500, "unreachable"},
	}
	for _, tt := range tests {
		t.Run(tt.behaviour, func(t *testing.T) {
			r := wagi(t, "/", "", func(c *hostapi.Command) (error, error) {
				io.WriteString(c.Stdout, "status: 200\n\n")
				return tt.result, tt.trap
			})
			if a := r.get("/"); a.status != tt.status || a.body != "" {
				t.Errorf("%+v", a)
			}
			if log := r.host.log.String(); !strings.Contains(log, tt.log) {
				t.Errorf("log: %s", log)
			}
		})
	}
}
