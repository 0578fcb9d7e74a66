package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/spinhost/spin/internal/leaktest"
	"github.com/spinhost/spin/internal/outbound"
)

// next answers what leaves the app.
type next struct{}

func (next) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader("left for " + r.URL.Host))}, nil
}

var errNobody = errors.New("nobody")

// app answers by who was asked, from where, and how deep inside.
func app(id string) (http.Handler, error) {
	if id == "absent" {
		return nil, errNobody
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "%q for %s from %s, %d deep", id, r.Host, r.RemoteAddr, outbound.Depth(r.Context()))
	}), nil
}

func TestWhatStaysWithinTheApp(t *testing.T) {
	leaktest.Check(t)
	l := &outbound.Local{Handler: app, MaxDepth: 1, Next: next{}}
	for url, want := range map[string]string{
		"http://self.alt/x":                `"" for localhost from 127.0.0.1:0, 1 deep`,
		"https://self.alt:8443/x":          `"" for localhost from 127.0.0.1:0, 1 deep`,
		"http://cart.spin.internal/":       `"cart" for localhost from 0.0.0.0:0, 1 deep`,
		"http://cart.spin.internal.test/":  "left for cart.spin.internal.test",
		"http://example.com/":              "left for example.com",
		"http://self.alt.example.com/":     "left for self.alt.example.com",
		"http://absent.spin.internal/path": "nobody",
	} {
		got, err := get(t.Context(), l, url)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", url, got, want)
		}
	}
}

func get(ctx context.Context, l http.RoundTripper, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	res, err := l.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return string(text), err
}

// A handler that asks itself ends with an error, and the body of what it did not send is closed.
func TestRequestsWithinTheAppAreNotEndless(t *testing.T) {
	leaktest.Check(t)
	l := &outbound.Local{MaxDepth: 3, Next: next{}}
	var depths []int
	var last error
	l.Handler = func(string) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			depths = append(depths, outbound.Depth(r.Context()))
			body := new(closed)
			req, err := http.NewRequestWithContext(r.Context(), http.MethodPost, "http://self.alt/", body)
			if err != nil {
				t.Error(err)
				return
			}
			res, err := l.RoundTrip(req)
			if err == nil {
				res.Body.Close()
				return
			}
			if last = err; !*body {
				t.Error("the body is left open")
			}
		}), nil
	}
	if _, err := get(t.Context(), l, "http://self.alt/"); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(depths) != "[1 2 3]" || !errors.Is(last, outbound.ErrLoop) || !strings.Contains(last.Error(), "than 3 (Limits.LocalDepth)") {
		t.Errorf("depths %v, %v", depths, last)
	}
}

type closed bool

func (c *closed) Read([]byte) (int, error) { return 0, io.EOF }
func (c *closed) Close() error             { *c = true; return nil }
