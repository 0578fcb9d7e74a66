package spin_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/runtimeconfig"
)

// pair is a manifest of two components, at /outbound?... and private, that may reach everybody. The
// first is asked for the second by pairVia.
const pair = `spin_manifest_version = 2
[application]
name = "pair"
[[trigger.http]]
route = "/..."
component = "one"
[[trigger.http]]
route = { private = true }
component = "other"
[component.one]
source = "guest.wasm"
allowed_outbound_hosts = ["*://*:*"]
[component.other]
source = "guest.wasm"
allowed_outbound_hosts = ["*://*:*"]
`

// otherOutbound is the path by which the component other asks for a URL.
func otherOutbound(url string) string {
	return "/outbound?url=" + escape("http://other.spin.internal/outbound?url="+escape(url))
}

func loadPair(t testing.TB, g guest, configure func(*spin.Config)) *spin.App {
	t.Helper()
	app, err := loadBundle(t, bundle(pair, map[string][]byte{"guest.wasm": g.wasm(t)}), configure)
	if err != nil {
		t.Fatal(err)
	}
	return app
}

// identity is a certificate that has signed itself, for a server or a client.
type identity struct {
	cert tls.Certificate
	pem  []byte
	key  []byte
	pool *x509.CertPool
}

func newIdentity(t testing.TB, name string) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	id := &identity{
		pem: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER}), pool: x509.NewCertPool(),
	}
	id.pool.AppendCertsFromPEM(id.pem)
	if id.cert, err = tls.X509KeyPair(id.pem, id.key); err != nil {
		t.Fatal(err)
	}
	return id
}

// tlsServer answers with the protocol and who the client is; it may ask for a certificate.
func tlsServer(t testing.TB, server, client *identity) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := "nobody"
		if len(r.TLS.PeerCertificates) > 0 {
			name = r.TLS.PeerCertificates[0].Subject.CommonName
		}
		fmt.Fprintf(w, "%s %s", r.Proto, name)
	}))
	s.TLS = &tls.Config{Certificates: []tls.Certificate{server.cert}}
	if client != nil {
		s.TLS.ClientAuth, s.TLS.ClientCAs = tls.RequireAndVerifyClientCert, client.pool
	}
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	return s
}

// writeAll writes files to a folder.
func writeAll(t testing.TB, files map[string][]byte) string {
	t.Helper()
	dir := t.TempDir()
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A certificate is shown for the component and the host that it was given for, and a connection
// that was made with it is used for nobody else.
func TestClientTLS(t *testing.T) {
	server, client := newIdentity(t, "localhost"), newIdentity(t, "one's own")
	s := tlsServer(t, server, client)
	dir := writeAll(t, map[string][]byte{"ca.pem": server.pem, "cert.pem": client.pem, "key.pem": client.key})
	own := &tls.Config{RootCAs: server.pool, Certificates: []tls.Certificate{client.cert}}
	for name, configure := range map[string]func(*spin.Config){
		"runtime config": func(c *spin.Config) {
			c.RuntimeConfig = configured(t, dir, `[[client_tls]]
component_ids = ["one", "of-another-app"]
hosts = ["127.0.0.1"]
ca_roots_file = "ca.pem"
client_cert_file = "cert.pem"
client_private_key_file = "key.pem"
[[client_tls]]
component_ids = ["one", "other"]
hosts = ["127.0.0.1"]
ca_roots_file = "ca.pem"
`)
		},
		"Config": func(c *spin.Config) {
			c.ClientTLS = []spin.ClientTLS{{[]string{"one"}, []string{"127.0.0.1"}, own}, {[]string{"other"}, []string{"127.0.0.1"}, &tls.Config{RootCAs: server.pool}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, isRust, func(t *testing.T, g guest) {
				noGoroutines(t)
				app := loadPair(t, g, configure)
				for range 2 {
					if w := ask(app, "/outbound?url="+s.URL); w.Code != 200 || w.Body.String() != "HTTP/2.0 one's own" {
						t.Errorf("one: %d %s", w.Code, w.Body)
					}
					if w := ask(app, otherOutbound(s.URL)); w.Code != 502 {
						t.Errorf("other: %d %s", w.Code, w.Body)
					}
				}
				if w := ask(app, "/outbound?url="+strings.Replace(s.URL, "127.0.0.1", "localhost", 1)); w.Code != 502 {
					t.Errorf("another host: %d %s", w.Code, w.Body)
				}
			})
		})
	}
}

// Who is trusted is decided for each component and host, too.
func TestClientTLSRoots(t *testing.T) {
	server := newIdentity(t, "localhost")
	s := tlsServer(t, server, nil)
	dir := writeAll(t, map[string][]byte{"ca.pem": server.pem})
	each(t, isRust, func(t *testing.T, g guest) {
		for _, tt := range []struct {
			behaviour, keys string
			status          int
		}{
			{"nobody", `ca_use_platform_roots = true`, 502},
			{"a file", `ca_roots_file = "ca.pem"`, 200},
			{"a file and the platform", "ca_roots_file = 'ca.pem'\nca_use_platform_roots = true", 200},
			{"those of browsers", "ca_use_webpki_roots = true", 200},
		} {
			app := loadPair(t, g, func(c *spin.Config) {
				c.RuntimeConfig = configured(t, dir, "[[client_tls]]\ncomponent_ids = ['one']\nhosts = ['LOCALHOST']\n"+tt.keys)
				c.WebPKIRoots = func(p *x509.CertPool) { p.AppendCertsFromPEM(server.pem) }
			})
			if w := ask(app, "/outbound?url="+strings.Replace(s.URL, "127.0.0.1", "localhost", 1)); w.Code != tt.status {
				t.Errorf("%s: %d %s", tt.behaviour, w.Code, w.Body)
			}
		}
	})
}

func TestFaultsOfClientTLS(t *testing.T) {
	id := newIdentity(t, "x")
	dir := writeAll(t, map[string][]byte{"cert.pem": id.pem, "key.pem": id.key, "none.pem": []byte("nothing")})
	for _, tt := range []struct {
		keys, want string
		is         error
	}{
		{"ca_roots_file = 'absent.pem'", `rc.toml:4:17: client_tls[0].ca_roots_file: open `, fs.ErrNotExist},
		{"ca_roots_file = 'none.pem'", `has no certificate: it must have PEM blocks of the type CERTIFICATE`, nil},
		{"client_cert_file = 'absent.pem'\nclient_private_key_file = 'key.pem'", `rc.toml:4:20: client_tls[0].client_cert_file: open `, fs.ErrNotExist},
		{"client_cert_file = 'cert.pem'\nclient_private_key_file = 'absent.pem'", `rc.toml:5:27: client_tls[0].client_private_key_file: open `, fs.ErrNotExist},
		{"client_cert_file = 'cert.pem'\nclient_private_key_file = 'none.pem'", `client_tls[0].client_cert_file: tls: `, nil},
		{"ca_use_webpki_roots = true", `rc.toml:4:23: client_tls[0].ca_use_webpki_roots: this program does not bring the roots`, nil},
	} {
		_, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) {
			c.RuntimeConfig = configured(t, dir, "[[client_tls]]\ncomponent_ids = ['a']\nhosts = ['b']\n"+tt.keys)
		})
		var e *runtimeconfig.Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), tt.want) || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: got %v", tt.keys, err)
		}
	}
	for want, entry := range map[string]spin.ClientTLS{
		`has no component "b"`: {[]string{"b"}, []string{"x"}, &tls.Config{}},
		"lacks a field":        {[]string{"guest"}, []string{"x"}, nil},
	} {
		if _, err := loadBundle(t, bundle(minimal, map[string][]byte{"guest.wasm": guestP3.wasm(t)}), func(c *spin.Config) { c.ClientTLS = []spin.ClientTLS{entry} }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// counter is a server that counts its connections.
type counter struct {
	*httptest.Server
	made       atomic.Int32
	held, free chan bool // a request of /hold has come; may be answered
}

func newCounter(t testing.TB) *counter {
	c := &counter{held: make(chan bool, 1), free: make(chan bool)}
	c.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/hold" {
			c.held <- true
			<-c.free
		}
		io.WriteString(w, "fine")
	}))
	c.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			c.made.Add(1)
		}
	}
	c.Start()
	t.Cleanup(c.Close)
	return c
}

func TestConnectionPooling(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		for _, tt := range []struct {
			behaviour, rc string
			off           bool
			made          int32
		}{
			{"usually", "", false, 1},
			{"a table that says nothing of it", "[outbound_http]\nmax_connections = 5\n", false, 1},
			{"switched off", "[outbound_http]\nconnection_pooling = false\n", false, 3},
			{"switched off by Config", "", true, 3},
		} {
			noGoroutines(t)
			s := newCounter(t)
			app := loadPair(t, g, func(c *spin.Config) { c.RuntimeConfig, c.NoConnectionPooling = configured(t, "", tt.rc), tt.off })
			for _, path := range []string{"/outbound?url=" + s.URL, otherOutbound(s.URL), "/outbound?url=" + s.URL} {
				if w := ask(app, path); w.Code != 200 || w.Body.String() != "fine" {
					t.Errorf("%s: %d %s", tt.behaviour, w.Code, w.Body)
				}
			}
			if n := s.made.Load(); n != tt.made {
				t.Errorf("%s: %d connections, want %d", tt.behaviour, n, tt.made)
			}
		}
	})
}

// Connections that nobody uses make room for others, as those do that are used no longer.
func TestConnectionLimits(t *testing.T) {
	each(t, isRust, func(t *testing.T, g guest) {
		for _, rc := range []string{"[outbound_http]\nmax_connections = 1\n", "[outbound_http]\nmax_concurrent_requests = 0\n", "[outbound_networking]\nmax_total_connections = 1\n"} {
			noGoroutines(t)
			a, b := newCounter(t), newCounter(t)
			app := loadPair(t, g, func(c *spin.Config) { c.RuntimeConfig = configured(t, "", rc) })
			for range 2 {
				for _, s := range []*counter{a, b} {
					if w := ask(app, otherOutbound(s.URL)); w.Code != 200 {
						t.Errorf("%s: %d %s", rc, w.Code, w.Body)
					}
				}
			}
			held, waiting := make(chan int), make(chan int)
			go func() { held <- ask(app, "/outbound?url="+b.URL+"/hold").Code }()
			<-b.held
			go func() { waiting <- ask(app, "/outbound?url="+a.URL).Code }()
			close(b.free)
			if first, second := <-held, <-waiting; first != 200 || second != 200 {
				t.Errorf("%s: %d and %d", rc, first, second)
			}
		}
	})
}

func TestNoConnectionsAtAll(t *testing.T) {
	s := newCounter(t)
	each(t, isRust, func(t *testing.T, g guest) {
		for _, configure := range []func(*spin.Config){
			func(c *spin.Config) { c.RuntimeConfig = configured(t, "", "[outbound_http]\nmax_connections = 0\n") },
			func(c *spin.Config) { c.Limits.Connections = -1 },
			func(c *spin.Config) {
				c.Limits.HTTPConnections = -1
				c.RuntimeConfig = configured(t, "", "[outbound_http]\nmax_connections = 7\n")
			},
		} {
			noGoroutines(t)
			var log buffer
			app := loadPair(t, g, func(c *spin.Config) { configure(c); c.Logger = logTo(&log, 0) })
			if w := ask(app, "/outbound?url="+s.URL); w.Code != 502 || s.made.Load() > 0 || !strings.Contains(log.String(), "no connections are allowed") {
				t.Errorf("%d %s, log %s", w.Code, w.Body, &log)
			}
			if w := ask(app, "/outbound?url=http://self.alt/hello"); w.Code != 200 {
				t.Errorf("the app itself: %d %s", w.Code, w.Body)
			}
		}
	})
}
