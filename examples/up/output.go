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

// output shows what components print, each line with the component's name before it.
type output struct {
	quiet bool

	mu      sync.Mutex
	writers []*prefixWriter
}

// to returns what spin.Config wants: where the output of a component goes.
func (o *output) to(w io.Writer) func(component string) io.Writer {
	return func(component string) io.Writer {
		if o.quiet {
			return io.Discard
		}
		p := &prefixWriter{to: w, prefix: component + ": "}
		o.mu.Lock()
		defer o.mu.Unlock()
		o.writers = append(o.writers, p)
		return p
	}
}

// flush shows lines that were begun, when nobody prints any more.
func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, p := range o.writers {
		if len(p.line) > 0 {
			_, _ = p.Write([]byte("\n"))
		}
	}
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
