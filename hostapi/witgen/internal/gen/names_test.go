package gen

import "testing"

func TestNames(t *testing.T) {
	for _, test := range []struct{ label, exported, local string }{
		{"get", "Get", "get"},
		{"to-debug-string", "ToDebugString", "toDebugString"},
		{"http-request", "HTTPRequest", "httpRequest"},
		{"HTTP-request-URI-invalid", "HTTPRequestURIInvalid", "httpRequestURIInvalid"},
		{"DNS-error", "DNSError", "dnsError"},
		{"info-URL", "InfoURL", "infoURL"},
		{"ipv4-address", "IPv4Address", "ipv4Address"},
		{"ip-name", "IPName", "ipName"},
		{"id", "ID", "id"},
		{"idle", "Idle", "idle"},
		{"io", "IO", "io"},
		{"last-io-error", "LastIoError", "lastIoError"},
		{"utf8", "UTF8", "utf8"},
		{"s8", "S8", "s8"},
		{"x9-0", "X90", "x90"},
	} {
		if got := exported(test.label); got != test.exported {
			t.Errorf("exported(%q) = %s, not %s", test.label, got, test.exported)
		}
		if got := local(test.label); got != test.local {
			t.Errorf("local(%q) = %s, not %s", test.label, got, test.local)
		}
	}
}

func TestParamNames(t *testing.T) {
	p := &pkg{use: map[string]*foreign{"wasi:io": {alias: "wasiio"}}}
	for label, want := range map[string][2]string{
		"name": {"name", "name"}, "type": {"typeArg", "typeArg"}, "ctx": {"ctxArg", "ctxArg"},
		"len": {"len", "lenArg"}, "err": {"err", "errArg"}, "wasiio": {"wasiio", "wasiioArg"}, "func-name": {"funcName", "funcName"},
	} {
		if got := paramName(label); got != want[0] {
			t.Errorf("paramName(%q) = %s, not %s", label, got, want[0])
		}
		if got := p.localName(label); got != want[1] {
			t.Errorf("localName(%q) = %s, not %s", label, got, want[1])
		}
	}
}

func TestSentences(t *testing.T) {
	for _, test := range []struct{ docs, want string }{
		{"", "Get is the function get."},
		{"Returns a value.", "Get returns a value."},
		{"A value.", "Get is a value."},
		{"The\nvalue.", "Get is the\nvalue."},
		{"Value of it.", "Get is the function get.\n\nValue of it."},
		{"This is it.", "Get is the function get.\n\nThis is it."},
		{"HTTPS only.", "Get is the function get.\n\nHTTPS only."},
	} {
		if got := sentence("Get", test.docs, "is the function get."); got != test.want {
			t.Errorf("%q becomes %q, not %q", test.docs, got, test.want)
		}
	}
}
