package spin

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
)

// outputs are where what a component prints goes, be it by a dependency.
type outputs struct{ stdout, stderr io.Writer }

// outputs makes those of a component the first time that it is asked for them, by one of
// them at a time.
func (a *App) outputs(c *component) outputs {
	o, ok := a.printed[c.m.ID]
	if !ok {
		o = outputs{a.filed(output(a.cfg.Stdout, c, "stdout"), c, "stdout"), a.filed(output(a.cfg.Stderr, c, "stderr"), c, "stderr")}
		a.printed[c.m.ID] = o
	}
	return o
}

// output returns where what a component prints goes.
func output(to func(component string) io.Writer, c *component, stream string) io.Writer {
	if to != nil {
		return to(c.m.ID)
	}
	if c.a.cfg.Logger == nil {
		return io.Discard
	}
	w := &logWriter{log: c.a.log.With("component", c.m.ID, "stream", stream)}
	c.a.mu.Lock()
	defer c.a.mu.Unlock()
	c.a.closers = append(c.a.closers, w.flush)
	return w
}

// maxLine is the longest line, in bytes, that is logged in one piece.
const maxLine = 4 << 10

// logWriter logs what is written to it, line by line. It is safe for concurrent use.
type logWriter struct {
	log *slog.Logger
	mu  sync.Mutex
	buf []byte
}

// Write implements io.Writer.
func (w *logWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(p)
	for len(p) > 0 {
		i := bytes.IndexByte(p, '\n')
		end, skip := i, 1
		if i < 0 {
			end, skip = len(p), 0
		}
		if room := maxLine - len(w.buf); end > room {
			end, skip, i = room, 0, room
		}
		w.buf = append(w.buf, p[:end]...)
		p = p[end+skip:]
		if i >= 0 {
			w.log.Log(context.Background(), slog.LevelDebug, string(w.buf))
			w.buf = w.buf[:0]
		}
	}
	return n, nil
}

// flush logs what has come without an end of line.
func (w *logWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.buf) > 0 {
		w.log.Log(context.Background(), slog.LevelDebug, string(w.buf))
		w.buf = nil
	}
}
