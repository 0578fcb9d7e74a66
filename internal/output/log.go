package output

import (
	"bytes"
	"context"
	"log/slog"
	"sync"
)

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
