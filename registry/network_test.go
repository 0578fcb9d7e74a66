package registry_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"

	"github.com/spinhost/spin/registry"
)

// TestNetwork fetches over real connections.
func TestNetwork(t *testing.T) {
	started := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/a.wasm", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "wasm") })
	mux.Handle("/moved", http.RedirectHandler("/a.wasm", http.StatusFound))
	mux.Handle("/circle", http.RedirectHandler("/circle", http.StatusFound))
	mux.HandleFunc("/short", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		io.WriteString(w, "wasm")
	})
	mux.HandleFunc("/announced", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(1<<40))
		w.WriteHeader(http.StatusOK)
	})
	mux.HandleFunc("/endless", func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<12)); err != nil {
				return
			}
		}
	})
	mux.HandleFunc("/stuck", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, "wa")
		w.(http.Flusher).Flush()
		close(started)
		<-r.Context().Done()
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	dir := t.TempDir()
	f := &registry.Fetcher{Client: server.Client(), Cache: registry.NewCache(dir), MaxSize: 1 << 20}

	stuck, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	for path, c := range map[string]struct {
		ctx   context.Context
		cause error
	}{
		"/short":     {t.Context(), io.ErrUnexpectedEOF},
		"/announced": {t.Context(), registry.ErrTooLarge},
		"/endless":   {t.Context(), registry.ErrTooLarge},
		"/nothing":   {t.Context(), registry.ErrNotFound},
		"/stuck":     {stuck, context.Canceled},
		"/circle":    {t.Context(), nil},
	} {
		data, err := f.URL(c.ctx, server.URL+path, digest("wasm"))
		var fault *registry.Error
		if data != nil || !errors.As(err, &fault) || fault.Key != "url" || c.cause != nil && !errors.Is(err, c.cause) {
			t.Errorf("%s: got %q %v", path, data, err)
		}
	}
	if list, err := os.ReadDir(dir); err != nil || len(list) > 0 {
		t.Errorf("the cache has %v %v", list, err)
	}
	if data, err := f.URL(t.Context(), server.URL+"/moved", digest("wasm")); err != nil || string(data) != "wasm" {
		t.Errorf("got %q %v", data, err)
	}
}
