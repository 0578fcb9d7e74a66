package main_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestHTTPS(t *testing.T) {
	known := httptest.NewTLSServer(nil)
	pair, roots := known.TLS.Certificates[0], x509.NewCertPool()
	roots.AddCert(known.Certificate())
	known.Close()
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: pair.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := start(t, "-f", manifest(t), "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(p.url, "https://") {
		t.Fatal(p.url)
	}
	tr := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: roots, ServerName: "example.com"}}
	defer tr.CloseIdleConnections()
	res, err := (&http.Client{Transport: tr}).Get(p.url + "/hello")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if b, _ := io.ReadAll(res.Body); string(b) != "Hello, rust-p2!" || res.ProtoMajor != 2 {
		t.Errorf("%q by %s", b, res.Proto)
	}
}

func TestPortInUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	args := []string{"--listen", l.Addr().String(), "-f", manifest(t)}
	out, err := exec.Command(command, args...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "--find-free-port") {
		t.Errorf("%v: %s", err, out)
	}
	p := start(t, append(args, "--find-free-port")...)
	if p.url == "http://"+l.Addr().String() {
		t.Error("it serves where something else does")
	}
	if s, b := p.get("/hello"); s != 200 || b != "Hello, rust-p2!" {
		t.Errorf("%d %q", s, b)
	}
}
