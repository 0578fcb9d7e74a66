package output

import (
	"io"
	"log/slog"
	"os"
	"sync"
)

// filed returns what writes to a file too. One that cannot be opened is told to the log: it is no
// reason to serve nothing.
func (o *Output) filed(to io.Writer, name string, log *slog.Logger) io.Writer {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		log.Error("what the component prints is not kept", "error", err)
		return to
	}
	o.close = append(o.close, func() { _ = f.Close() }) // what was written is written
	return &filedWriter{file: f, to: to, log: log}
}

// filedWriter writes to a file and to where output goes besides. That the file takes no more, as
// the disk is full, does not concern the guest.
type filedWriter struct {
	file io.Writer
	to   io.Writer
	log  *slog.Logger
	told sync.Once
}

// Write implements io.Writer.
func (w *filedWriter) Write(p []byte) (int, error) {
	if _, err := w.file.Write(p); err != nil {
		w.told.Do(func() { w.log.Error("what the component prints is not kept any more", "error", err) })
	}
	return w.to.Write(p)
}
