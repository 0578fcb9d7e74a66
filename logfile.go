package spin

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"

	"github.com/spinhost/spin/runtimeconfig"
)

// openLogs makes the folder of files with what components print, if there is to be one.
func (a *App) openLogs(context.Context) error {
	c := &a.cfg
	if c.LogDir == "-" {
		c.LogDir = ""
	}
	if c.LogDir == "" {
		return nil
	}
	dir, err := filepath.Abs(c.LogDir) // whatever becomes of the working directory
	if err == nil {
		err = os.MkdirAll(dir, 0o755)
	}
	if err == nil {
		c.LogDir = dir
		return nil
	}
	if rc := c.RuntimeConfig; rc != nil && rc.LogDir == c.LogDir {
		return &runtimeconfig.Error{Pos: rc.Pos("log_dir"), Key: "log_dir", Msg: err.Error() + ": write a folder that can be written to", Err: err}
	}
	return fmt.Errorf("Config.LogDir: %w", err)
}

// filed returns what writes to the file of a component too, if there are files. One that cannot be
// opened is told to the log: it is no reason to serve nothing.
func (a *App) filed(to io.Writer, c *component, stream string) io.Writer {
	if a.cfg.LogDir == "" {
		return to
	}
	// Ids have nothing but letters, digits and hyphens.
	name := filepath.Join(a.cfg.LogDir, c.m.ID+"_"+stream+".txt")
	log := a.log.With("component", c.m.ID, "stream", stream)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		log.Error("what the component prints is not kept", "error", err)
		return to
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.closers = append(a.closers, func() { _ = f.Close() }) // what was written is written
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
