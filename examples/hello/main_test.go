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

func TestServe(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := serve(ctx, "spin.toml", "127.0.0.1:0", w)
		w.CloseWithError(err)
		done <- err
	}()
	out := bufio.NewScanner(r)
	line := func() string {
		if !out.Scan() {
			t.Fatal("no more output: ", out.Err())
		}
		return out.Text()
	}
	url, ok := strings.CutPrefix(line(), "Serving ")
	if !ok {
		t.Fatal(out.Text())
	}
	for _, want := range []string{"  hello-p2: " + url + "/p2", "  hello-p3: " + url + "/"} {
		if got := line(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	for _, path := range []string{"/p2", "/", "/else"} {
		res, err := http.Get(url + path)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || res.StatusCode != 200 || string(b) != "Hello, world!" {
			t.Errorf("%s: %d %q, %v", path, res.StatusCode, b, err)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestServeFails(t *testing.T) {
	if err := serve(context.Background(), "none.toml", "127.0.0.1:0", io.Discard); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
	if err := serve(context.Background(), "spin.toml", "127.0.0.1:99999", io.Discard); err == nil {
		t.Error("it listens")
	}
}
