package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/grpc/arithmetic"
	"github.com/spinhost/spin"
	triggerhttp "github.com/spinhost/spin/trigger/http"
)

// service is the app, served, with a client of it.
type service struct {
	arithmetic.ArithmeticClient
	conn   *grpc.ClientConn
	socket net.Conn // that of the client
	app    *spin.App
	logs   *buffer
}

// buffer collects what the guest prints.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// start serves the app until the test ends, and then looks at whether anything is left of it.
func start(t *testing.T, cfg triggerhttp.Config, creds credentials.TransportCredentials) *service {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cfg.Listener = l
	s := &service{logs: new(buffer)}
	if s.app, err = load(t.Context(), "spin.toml", cfg, s.logs); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.app.Run(ctx) }()
	dial := func(ctx context.Context, addr string) (_ net.Conn, err error) {
		s.socket, err = new(net.Dialer).DialContext(ctx, "tcp", addr)
		return s.socket, err
	}
	conn, err := grpc.NewClient("passthrough:///"+l.Addr().String(), grpc.WithTransportCredentials(creds), grpc.WithContextDialer(dial))
	if err != nil {
		t.Fatal(err)
	}
	s.conn, s.ArithmeticClient = conn, arithmetic.NewArithmeticClient(conn)
	t.Cleanup(func() {
		stop()
		closing, stop := context.WithTimeout(context.Background(), 20*time.Second)
		defer stop()
		if err := errors.Join(conn.Close(), <-ended, s.app.Close(closing)); err != nil {
			t.Error(err)
		}
		if left := s.app.Stats(); left != (spin.Stats{}) {
			t.Errorf("left: %+v", left)
		}
	})
	return s
}

// each runs a test over HTTP/2 without TLS, and with TLS.
func each(t *testing.T, test func(t *testing.T, s *service)) {
	t.Run("h2c", func(t *testing.T) {
		test(t, start(t, triggerhttp.Config{}, insecure.NewCredentials()))
	})
	t.Run("TLS", func(t *testing.T) {
		ts := httptest.NewTLSServer(nil)
		defer ts.Close()
		roots := x509.NewCertPool()
		roots.AddCert(ts.Certificate())
		cfg := triggerhttp.Config{TLS: &tls.Config{Certificates: ts.TLS.Certificates}}
		test(t, start(t, cfg, credentials.NewClientTLSFromCert(roots, "example.com")))
	})
}

// eventually waits until ok.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("still not: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// idle waits until guests hold nothing of calls any more.
func (s *service) idle(t *testing.T) {
	t.Helper()
	eventually(t, "all calls have ended", func() bool {
		stats := s.app.Stats()
		return stats.Handles == 0 && stats.HostCalls == 0
	})
}

// works checks that calls are answered.
func (s *service) works(t *testing.T) {
	t.Helper()
	res, err := s.Divide(t.Context(), &arithmetic.DivideRequest{Dividend: 7, Divisor: 2})
	if err != nil || res.Quotient != 3.5 {
		t.Errorf("7 / 2 is %v, %v", res, err)
	}
}

func TestServe(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, "spin.toml", triggerhttp.Config{Listener: l}, io.Discard) }()
	conn, err := grpc.NewClient("passthrough:///"+l.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s := &service{ArithmeticClient: arithmetic.NewArithmeticClient(conn)}
	s.works(t)
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestServeFails(t *testing.T) {
	for manifest, want := range map[string]error{"none.toml": fs.ErrNotExist, "spin.toml": nil} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		err = serve(t.Context(), manifest, triggerhttp.Config{Listener: l, CertFile: "no.pem", KeyFile: "no.pem"}, io.Discard)
		if want != nil && !errors.Is(err, want) || want == nil && !strings.Contains(err.Error(), "no.pem") {
			t.Errorf("%s: %v", manifest, err)
		}
		if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
			t.Errorf("%s: the listener is open: %v", manifest, err)
		}
	}
}
