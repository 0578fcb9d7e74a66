package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"testing"
)

// start serves the app until the test ends, and returns its address.
func start(t *testing.T) (url string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(ctx, "spin.toml", "127.0.0.1:0", w, t.Output())
		w.CloseWithError(err)
		done <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	out := bufio.NewScanner(r)
	if !out.Scan() {
		t.Fatal("no output: ", out.Err())
	}
	url, ok := strings.CutPrefix(out.Text(), "Serving ")
	if !ok {
		t.Fatal(out.Text())
	}
	return url
}

func TestServe(t *testing.T) {
	url := start(t)
	for _, test := range []struct {
		path   string
		status int
		want   string
	}{
		{"/find?from=vienna", 200, "Vienna: 48.21 16.37\n"},
		{"/find?from=Atlantis", 404, "nobody knows Atlantis\n"},
		{"/distance?from=Graz&to=Vienna", 200, "145 km\n"},
		{"/distance?from=Paris&to=Paris", 200, "0 km\n"},
		{"/near?from=Vienna&km=1200", 200, "Vienna: 48.21 16.37\nGraz: 47.07 15.44\nParis: 48.86 2.35\n"},
		{"/near?from=Tokyo", 200, "Tokyo: 35.68 139.69\n"},
	} {
		res, err := http.Get(url + test.path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != test.status || string(b) != test.want {
			t.Errorf("%s: %d %q, %v; want %d %q", test.path, res.StatusCode, b, err, test.status, test.want)
		}
	}
}

func TestServeFails(t *testing.T) {
	if err := serve(t.Context(), "none.toml", "127.0.0.1:0", io.Discard, io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := serve(t.Context(), "spin.toml", "127.0.0.1:99999", io.Discard, io.Discard); err == nil {
		t.Error("it listens")
	}
}
