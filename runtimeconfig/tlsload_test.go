package runtimeconfig_test

import (
	"crypto/x509"
	"errors"
	"testing"

	"github.com/spinhost/spin/runtimeconfig"
)

// Everything that is wrong with a table is reported at once, also in one that was not parsed.
func TestFaultsOfClientTLSTogether(t *testing.T) {
	asked := false
	c := &runtimeconfig.ClientTLS{CARootsFile: "absent-ca.pem", CertFile: "absent-cert.pem", KeyFile: "absent-key.pem", WebPKIRoots: true}
	_, err := c.Load(func(*x509.CertPool) { asked = true })
	var errs runtimeconfig.Errors
	if !errors.As(err, &errs) || len(errs) != 2 || !asked {
		t.Errorf("got %v", err)
	}
	if _, err := c.Load(nil); !errors.As(err, &errs) || len(errs) != 3 {
		t.Errorf("got %v", err)
	}
}
