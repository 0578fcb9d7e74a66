package spin

import (
	"context"
	"fmt"

	"github.com/spinhost/spin/internal/output"
	"github.com/spinhost/spin/runtimeconfig"
)

// openOutput sets up where components print, and makes the folder of files if there is to be one.
func (a *App) openOutput(context.Context) error {
	c := &a.cfg
	a.output = &output.Output{Stdout: c.Stdout, Stderr: c.Stderr, Log: c.Logger}
	a.closers = append(a.closers, a.output.Close)
	if c.LogDir == "-" || c.LogDir == "" {
		return nil
	}
	var err error
	if a.output.Dir, err = output.MakeDir(c.LogDir); err == nil {
		return nil
	}
	if rc := c.RuntimeConfig; rc != nil && rc.LogDir == c.LogDir {
		return &runtimeconfig.Error{Pos: rc.Pos("log_dir"), Key: "log_dir", Msg: err.Error() + ": write a folder that can be written to", Err: err}
	}
	return fmt.Errorf("Config.LogDir: %w", err)
}
