package http

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/spinhost/spin/engine/abi"
)

// slowFields are fields as a list of pairs in the order of their addition.
type slowFields [][2]string

var (
	nameRule  = regexp.MustCompile("^[!#$%&'*+\\-.^_`|~0-9A-Za-z]+$")
	valueRule = regexp.MustCompile(`^(?s:[^\x00-\x08\x0a-\x1f\x7f])*$`)
)

// faultOf says why a name and a value can be none.
func faultOf(name, value string) error {
	switch {
	case !nameRule.MatchString(name):
		return errSyntax
	case forbidden[strings.ToLower(name)]:
		return errForbidden
	case !valueRule.MatchString(strings.ToValidUTF8(value, "?")):
		return errSyntax
	}
	return nil
}

func (f slowFields) without(name string) slowFields {
	return slices.DeleteFunc(slices.Clone(f), func(e [2]string) bool { return e[0] == strings.ToLower(name) })
}

// grouped returns all, those of one name together.
func (f slowFields) grouped() (list [][2]string) {
	for _, e := range f {
		if slices.ContainsFunc(list, func(o [2]string) bool { return o[0] == e[0] }) {
			continue
		}
		for _, o := range f {
			if o[0] == e[0] {
				list = append(list, o)
			}
		}
	}
	return list
}

// FuzzFields compares fields with slowFields.
func FuzzFields(f *testing.F) {
	f.Add([]byte("a1b1a2-a"), "X-Name", "value")
	f.Add([]byte("=a=b-b"), "Host", "a\r\nb")
	f.Add([]byte("n=nn-n"), "a b", "\x7f")
	f.Add([]byte("nnn"), "ü", "\xff")
	f.Fuzz(func(t *testing.T, script []byte, name, value string) {
		var got fields
		var want slowFields
		names := map[byte]string{'n': name, 'a': "A", 'b': "b", 'c': "Content-Length"}
		for i := 0; i+1 < len(script) && i < 200; i += 2 {
			op, n := script[i], names[script[i+1]]
			fault := faultOf(n, value)
			var err error
			switch op {
			case '-':
				fault = faultOf(n, "")
				var removed [][]byte
				removed, err = got.remove(n)
				if err == nil {
					if len(removed) != len(want)-len(want.without(n)) {
						t.Fatalf("%d values were removed", len(removed))
					}
					want = want.without(n)
				}
			case '=':
				err = got.set(n, [][]byte{[]byte(value), []byte("2")})
				if err == nil {
					at := slices.IndexFunc(want, func(e [2]string) bool { return e[0] == strings.ToLower(n) })
					if at < 0 {
						at = len(want)
					}
					want = slices.Insert(want.without(n), min(at, len(want.without(n))), [2]string{strings.ToLower(n), value}, [2]string{strings.ToLower(n), "2"})
				}
			default:
				if err = got.add(n, []byte(value)); err == nil {
					want = append(want, [2]string{strings.ToLower(n), value})
				}
			}
			if err != fault && err != errTooLarge {
				t.Fatalf("%c of %q: %q: %v, want %v", op, n, value, err, fault)
			}
			same(t, &got, want)
		}
	})
}

// same compares fields with slowFields, whose order of names may differ after set.
func same(t *testing.T, got *fields, want slowFields) {
	t.Helper()
	size := 0
	for _, e := range got.list {
		size += len(e.F0) + len(e.F1) + 32
		if e.F0 != strings.ToLower(e.F0) {
			t.Fatalf("name %q is not in lower case", e.F0)
		}
	}
	if size != got.size || size > 128<<10 {
		t.Fatalf("size is %d, counted are %d", size, got.size)
	}
	for _, e := range want.grouped() {
		var values []string
		for _, o := range want {
			if o[0] == e[0] {
				values = append(values, o[1])
			}
		}
		var list []string
		for _, v := range got.get(e[0]) {
			list = append(list, string(v))
		}
		if !slices.Equal(list, values) || !got.has(e[0]) {
			t.Fatalf("%q: %q, want %q", e[0], list, values)
		}
	}
	if len(got.list) != len(want) {
		t.Fatalf("%d fields, want %d", len(got.list), len(want))
	}
}

var badTarget = regexp.MustCompile("[\x00-\x20\x7f]|^[^?]*[<>`]|[?].*[\"<>]")

// FuzzPath checks that every path that is taken goes into a request line as it was given.
func FuzzPath(f *testing.F) {
	for _, p := range []string{"", "/", "*", "?", "#", "?a=b", "#f", "//x/y?z", "/a b", "/\x00", "/%zz", "/ä?ö#ü", "x", "*x", "/#/", "/a?b?c"} {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, path string) {
		var h head
		ok := h.setPath(abi.Some(path))
		cut, _, _ := strings.Cut(path, "#")
		legal := path != "" && (cut == "" || cut == "*" || cut[0] == '/' || cut[0] == '?') && !badTarget.MatchString(cut)
		if ok != legal {
			t.Fatalf("%q: %v", path, ok)
		}
		if !ok {
			if h.path != "" {
				t.Fatalf("%q was refused and set", path)
			}
			return
		}
		u := &url.URL{Scheme: "http", Host: "example.com"}
		setPath(u, h.path)
		got := u.RequestURI()
		if strings.ContainsAny(got, " \r\n#") {
			t.Fatalf("%q becomes %q", path, got)
		}
		if got != h.path && !strings.HasPrefix(path, "//") {
			t.Fatalf("%q becomes %q", path, got)
		}
		if strings.HasPrefix(got, "http:") {
			t.Fatalf("%q becomes an absolute form: %q", path, got)
		}
	})
}

var authorityRule = regexp.MustCompile(`^([^@\[\]]*@)?([^@:\[\]]+|[^@:\[\]]*:[0-9]{1,5}|\[[^@\[\]]+\](:[0-9]{1,5})?)$`)

var hidden = regexp.MustCompile(`[^!-~]`)

// FuzzAuthority checks that what is taken for an authority is one, and can be read by net/url as
// host and port of a URL unless its host is strange.
func FuzzAuthority(f *testing.F) {
	for _, a := range []string{"", "a", "a:80", ":80", "a:", "a:b", "u@h:1", "[::1]:80", "[::1", "a/b", "a@b@c", "a\\b", "a b", "ä", "a:123456", "@", "a:1:2", "%41", "::1", "a:65536", "[::1]:1", "[a@b]", "u:p@[::1]", "[]:1", "a]:1"} {
		f.Add(a)
	}
	f.Fuzz(func(t *testing.T, a string) {
		if !IsAuthority(a) {
			var h head
			if h.setAuthority(abi.Some(a)) || h.authority.OK {
				t.Fatalf("%q is taken", a)
			}
			return
		}
		if !authorityRule.MatchString(a) || hidden.MatchString(a) || strings.ContainsAny(a, "/?#\\ \"<>^`{|}") {
			t.Fatalf("%q is no authority", a)
		}
		h := head{authority: abi.Some(a)}
		host := a[strings.LastIndexByte(a, '@')+1:]
		if want := strings.HasPrefix(host, ":") || strings.EqualFold(host, "self.alt") || strings.HasPrefix(strings.ToLower(host), "self.alt:"); h.isSelf() != want {
			t.Fatalf("%q is the app itself: %v", a, !want)
		}
	})
}

func FuzzScheme(f *testing.F) {
	for _, s := range []string{"", "http", "HTTPS", "a+b", "1a", "a b", "ä", "ftp"} {
		f.Add(s)
	}
	rule := regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]{0,63}$`)
	f.Fuzz(func(t *testing.T, s string) {
		var h head
		if ok := h.setScheme(schemeOther, s); ok != rule.MatchString(s) || ok && h.scheme != strings.ToLower(s) {
			t.Fatalf("%q: %v, %q", s, ok, h.scheme)
		}
	})
}

func FuzzContentLength(f *testing.F) {
	for _, s := range []string{"", "0", "007", "9223372036854775807", "9223372036854775808", "-1", "1e3", " 1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseLength([]byte(s))
		want, err := strconv.ParseInt(s, 10, 64)
		digits := s != "" && strings.Trim(s, "0123456789") == ""
		if ok && (!digits || n != want || err != nil) || !ok && digits && err == nil && want <= 1<<62 {
			t.Fatalf("%q: %d, %v", s, n, ok)
		}
	})
}
