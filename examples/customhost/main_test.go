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
func start(t *testing.T, quota int64) (url string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(ctx, "spin.toml", "127.0.0.1:0", quota, w, t.Output())
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

type answer struct {
	path   string
	status int
	text   string
}

func ask(t *testing.T, url string, list []answer) {
	t.Helper()
	for _, want := range list {
		res, err := http.Get(url + want.path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if got := (answer{want.path, res.StatusCode, string(b)}); err != nil || got != want {
			t.Errorf("%+v, %v, want %+v", got, err, want)
		}
	}
}

func TestServe(t *testing.T) {
	ask(t, start(t, questions), []answer{
		{"/find?from=vienna", 200, "Vienna: 48.21 16.37\n"},
		{"/find?from=Atlantis", 404, "nobody knows Atlantis\n"},
		{"/distance?from=Graz&to=Vienna", 200, "145 km\n"},
		{"/distance?from=Paris&to=Paris", 200, "0 km\n"},
		{"/near?from=Vienna&km=1200", 200, "Vienna: 48.21 16.37\nGraz: 47.07 15.44\nParis: 48.86 2.35\n"},
		{"/near?from=Tokyo", 200, "Tokyo: 35.68 139.69\n"},
	})
}

func TestQuota(t *testing.T) {
	ask(t, start(t, 3), []answer{
		{"/distance?from=Graz&to=Vienna", 200, "145 km\n"},
		{"/find?from=Graz", 200, "Graz: 47.07 15.44\n"},
		{"/find?from=Graz", 429, "too many questions\n"},
	})
}

func TestServeFails(t *testing.T) {
	if err := serve(t.Context(), "none.toml", "127.0.0.1:0", 0, io.Discard, io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := serve(t.Context(), "spin.toml", "127.0.0.1:99999", 0, io.Discard, io.Discard); err == nil {
		t.Error("it listens")
	}
}
