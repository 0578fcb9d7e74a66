package main

import (
	"bytes"
	"io"
	"log/slog"
	"os"
	"sync"
)

// logger reports what goes wrong, on stderr.
func logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// prefixWriter writes whole lines, each behind a prefix.
type prefixWriter struct {
	mu     sync.Mutex
	to     io.Writer
	prefix string
	line   []byte
}

// maxLine bounds the part of a line that is kept until its end comes.
const maxLine = 64 << 10

// Write implements io.Writer.
func (w *prefixWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		if i < 0 {
			w.line = append(w.line, p...)
			if len(w.line) < maxLine {
				return n, nil
			}
			i, p = 0, nil
		} else {
			w.line = append(w.line, p[:i]...)
			p = p[i+1:]
		}
		out := append(append([]byte(w.prefix), w.line...), '\n')
		w.line = w.line[:0]
		if _, err := w.to.Write(out); err != nil {
			return 0, err
		}
	}
	return n, nil
}
