package http_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	nethttp "net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	httptrigger "github.com/spinhost/spin/trigger/http"
)

// certificate writes a certificate for example.com and its key to files, and returns a pool that
// trusts it.
func certificate(t testing.TB) (cert, key string, roots *x509.CertPool) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	pair := s.TLS.Certificates[0]
	roots = x509.NewCertPool()
	roots.AddCert(s.Certificate())
	s.Close()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name, kind string, der []byte) string {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	return write("cert.pem", "CERTIFICATE", pair.Certificate[0]), write("key.pem", "PRIVATE KEY", der), roots
}

// speaking makes a client of one protocol: http/1.1, h2 or h2c.
func speaking(t testing.TB, protocol string, roots *x509.CertPool) *nethttp.Client {
	var p nethttp.Protocols
	p.SetHTTP1(protocol == "http/1.1")
	p.SetHTTP2(protocol == "h2")
	p.SetUnencryptedHTTP2(protocol == "h2c")
	tr := &nethttp.Transport{Protocols: &p, DisableCompression: true,
		TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com", NextProtos: []string{protocol}}}
	t.Cleanup(tr.CloseIdleConnections)
	return &nethttp.Client{Transport: tr}
}

func TestTLS(t *testing.T) {
	cert, key, roots := certificate(t)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	for what, cfg := range map[string]httptrigger.Config{
		"files":         {CertFile: cert, KeyFile: key},
		"configuration": {TLS: &tls.Config{Certificates: []tls.Certificate{pair}}},
		"both":          {CertFile: cert, KeyFile: key, TLS: &tls.Config{MinVersion: tls.VersionTLS13}},
	} {
		for _, protocol := range []string{"http/1.1", "h2"} {
			t.Run(what+" "+protocol, func(t *testing.T) {
				r := serve(t, cfg, single("/..."), &component{id: "guest", exports: []string{export3}, serve: inspect})
				r.client = speaking(t, protocol, roots)
				req := r.request("GET", "/x", nil)
				req.URL.Scheme = "https"
				res, err := r.client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				b, _ := io.ReadAll(res.Body)
				if res.TLS == nil || res.TLS.NegotiatedProtocol != protocol || (res.ProtoMajor == 2) != (protocol == "h2") {
					t.Errorf("negotiated %+v, %s", res.TLS, res.Proto)
				}
				if !strings.Contains(string(b), `"Scheme":"https"`) || !strings.Contains(string(b), `["https://`+r.addr+`/x"]`) {
					t.Errorf("%s", b)
				}
			})
		}
	}
}

func TestBadCertificates(t *testing.T) {
	cert, key, _ := certificate(t)
	tests := []struct {
		cfg  httptrigger.Config
		want string
	}{
		{httptrigger.Config{CertFile: cert}, "set Config.KeyFile too"},
		{httptrigger.Config{KeyFile: key}, "set Config.CertFile too"},
		{httptrigger.Config{CertFile: key, KeyFile: cert}, "certificate for TLS: "},
		{httptrigger.Config{CertFile: filepath.Join(t.TempDir(), "none.pem"), KeyFile: key}, "none.pem"},
	}
	for _, tt := range tests {
		if _, err := tryLoad(tt.cfg, single("/"), guestOf(export3)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v", tt.cfg, err)
		}
	}
}

// A client that connects and says nothing keeps nobody else waiting, and is sent away.
func TestStalledHandshake(t *testing.T) {
	cert, key, roots := certificate(t)
	cfg := httptrigger.Config{CertFile: cert, KeyFile: key, HeaderTime: 300 * time.Millisecond}
	r := serve(t, cfg, single("/..."), &component{id: "guest", exports: []string{export3}, serve: func(g *guest) { g.answer(200, "hello") }})
	stalled := r.dial("")
	defer stalled.Close()
	r.client = speaking(t, "h2", roots)
	req := r.request("GET", "/", nil)
	req.URL.Scheme = "https"
	if a := r.do(req); a.status != 200 || a.body != "hello" {
		t.Errorf("%+v", a)
	}
	if b, err := io.ReadAll(stalled); err != nil || len(b) > 0 {
		t.Errorf("%q, %v", b, err)
	}
}
