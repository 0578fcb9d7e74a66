package runtimeconfig

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"

	"github.com/spinhost/spin/internal/tomltree"
)

// Load reads the files of the table and makes what package crypto/tls wants of it. webPKI adds
// the roots of the common browsers, which the standard library does not have, to a pool; it is
// called only if they are wanted, and can be nil if they never are. The error is [Errors], or one
// of them.
func (t *ClientTLS) Load(webPKI func(*x509.CertPool)) (*tls.Config, error) {
	f := &faults{}
	c := &tls.Config{RootCAs: t.roots(f, webPKI)}
	if t.CertFile != "" {
		cert, err := tls.LoadX509KeyPair(string(t.CertFile), string(t.KeyFile))
		if err != nil {
			t.fault(f, t.faultyKey(), err)
		}
		c.Certificates = []tls.Certificate{cert}
	}
	if err := f.err(); err != nil {
		return nil, err
	}
	return c, nil
}

// faultyKey returns which of the two files it is that cannot be read; the certificate's if both
// can.
func (t *ClientTLS) faultyKey() string {
	if _, err := os.Stat(string(t.CertFile)); err == nil {
		if _, err := os.Stat(string(t.KeyFile)); err != nil {
			return "client_private_key_file"
		}
	}
	return "client_cert_file"
}

// roots gathers who is trusted.
func (t *ClientTLS) roots(f *faults, webPKI func(*x509.CertPool)) *x509.CertPool {
	pool := x509.NewCertPool()
	if t.PlatformRoots {
		system, err := x509.SystemCertPool()
		if err != nil {
			t.fault(f, "ca_use_platform_roots", fmt.Errorf("the certificates of the operating system cannot be read: %w", err))
		} else {
			pool = system
		}
	}
	switch {
	case t.WebPKIRoots && webPKI == nil:
		t.fault(f, "ca_use_webpki_roots", fmt.Errorf("this program does not bring the roots of the common browsers along: write ca_use_platform_roots = true instead, or ca_roots_file"))
	case t.WebPKIRoots:
		webPKI(pool)
	}
	if t.CARootsFile != "" {
		pem, err := os.ReadFile(string(t.CARootsFile))
		switch {
		case err != nil:
			t.fault(f, "ca_roots_file", err)
		case !pool.AppendCertsFromPEM(pem):
			t.fault(f, "ca_roots_file", fmt.Errorf("%s has no certificate: it must have PEM blocks of the type CERTIFICATE", t.CARootsFile))
		}
	}
	return pool
}

// fault reports that what a key asks for cannot be had.
func (t *ClientTLS) fault(f *faults, key string, err error) {
	at := Position{}
	if t.places != nil {
		at = t.places.field(key).value
	}
	f.add(at, tomltree.Path(t.path, key), err, "%s", err.Error())
}
