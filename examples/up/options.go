package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/runtimeconfig"
)

// options are the flags.
type options struct {
	from         string
	server       server
	reuse        reuse
	env          environment
	variables    *values
	quiet        bool
	capabilities bool
	profile      string
	stateDir     string
	tempDir      string
	direct       bool
	writable     bool
	logDir       string
	runtimeFile  string
	keyValues    pairs
	sqlite       statements
	limits       spin.Limits
}

// environment collects --env flags.
type environment map[string]string

func (e environment) String() string { return "" }

// Set implements flag.Value.
func (e environment) Set(s string) error {
	k, v, ok := strings.Cut(s, "=")
	if !ok || k == "" {
		return errors.New("want NAME=VALUE")
	}
	e[k] = v
	return nil
}

func parse(args []string) (*options, error) {
	o := &options{env: environment{}, variables: &values{all: map[string]string{}}, sqlite: statements{}}
	f := flag.NewFlagSet("up", flag.ContinueOnError)
	f.StringVar(&o.from, "from", spin.ManifestName, "the manifest, or the `folder` in which it is")
	f.StringVar(&o.from, "f", spin.ManifestName, "short for --from")
	o.server.flags(f)
	f.Var(o.env, "env", "`NAME=VALUE` for the environment of every component; may be repeated")
	f.Var(o.variables, "variable", "`NAME=VALUE` of a variable of the application, or NAME=@FILE, @FILE.json, @FILE.toml; may be repeated")
	f.StringVar(&o.profile, "profile", "", "the build `profile` of the manifest to run")
	f.StringVar(&o.stateDir, "state-dir", "", "the `folder` for the data of the application (default that of the runtime configuration, or .spin beside the manifest)")
	f.StringVar(&o.logDir, "log-dir", os.Getenv("SPIN_LOG_DIR"), "the `folder` for files with what the components print (default that of the runtime configuration, or logs in that of the data)")
	f.StringVar(&o.runtimeFile, "runtime-config-file", os.Getenv("RUNTIME_CONFIG_FILE"), "the runtime configuration, a TOML `file`")
	f.Var(&o.keyValues, "key-value", "`KEY=VALUE` to set in the key-value store default; may be repeated")
	f.Var(&o.sqlite, "sqlite", "`SQL` to run on the database default, @FILE of it, or @FILE:LABEL for another database; may be repeated")
	f.BoolVar(&o.direct, "direct-mounts", false, "let components see the folders of their files as they are; only for entries that are folders")
	f.BoolVar(&o.writable, "allow-transient-write", false, "let components change their files: copies of them, or with --direct-mounts the folders themselves")
	f.StringVar(&o.tempDir, "temp", "", "the `folder` for copies of files (default that of the system)")
	f.BoolVar(&o.capabilities, "capabilities", false, "print what the components can reach, and end")
	f.BoolVar(&o.quiet, "quiet", false, "do not show what the components print")
	o.reuse.flags(f)
	f.DurationVar(&o.limits.ComputeTime, "compute-timeout", 30*time.Second, "time for which a component may compute without waiting")
	err := f.Parse(args)
	if err == nil && o.variables.err != nil {
		err = fmt.Errorf("--variable: %w", o.variables.err)
		fmt.Fprintln(f.Output(), err)
	}
	if err == nil {
		err = o.server.check()
		if err != nil {
			fmt.Fprintln(f.Output(), err)
		}
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument %q: name the manifest with --from", f.Arg(0))
		fmt.Fprintln(f.Output(), err)
	}
	return o, err
}

// config returns what the flags mean for an app, apart from how it is served.
func (o *options) config() (*spin.Config, error) {
	fallback, err := environ()
	if err != nil {
		return nil, err
	}
	cfg := &spin.Config{
		Profile: o.profile, Env: o.env, Limits: o.limits, Logger: logger(), StateDir: o.stateDir, LogDir: o.logDir,
		Variables: []variables.Provider{variables.Static(o.variables.all)}, FallbackVariables: fallback,
		ComponentDefaults: o.reuse.ComponentConfig,
		RuntimeTypes:      spin.DefaultRuntimeTypes(os.LookupEnv),
		DirectMounts:      o.direct, AllowTransientWrite: o.writable, TempDir: o.tempDir,
	}
	if o.runtimeFile != "" {
		if cfg.RuntimeConfig, err = runtimeconfig.Load(o.runtimeFile); err != nil {
			return nil, err
		}
		if cfg.StateDir == "" {
			cfg.StateDir = cfg.RuntimeConfig.StateDir
		}
	}
	if cfg.StateDir == "" {
		cfg.StateDir = filepath.Join(folder(o.from), ".spin")
	}
	if cfg.LogDir == "" && (cfg.RuntimeConfig == nil || cfg.RuntimeConfig.LogDir == "") {
		cfg.LogDir = filepath.Join(cfg.StateDir, "logs")
	}
	return cfg, nil
}

// folder returns the folder of a manifest that is named by it, or is in it.
func folder(from string) string {
	if info, err := os.Stat(from); err == nil && info.IsDir() {
		return from
	}
	return filepath.Dir(from)
}
