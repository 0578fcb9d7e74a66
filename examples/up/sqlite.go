package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spinhost/spin"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/runtimeconfig"
)

// statements collects --sqlite flags, by the label of the database.
type statements map[string][]string

func (statements) String() string { return "" }

// Set implements flag.Value.
func (s statements) Set(text string) error {
	label := "default"
	if name, ok := strings.CutPrefix(text, "@"); ok {
		if i := strings.LastIndexByte(name, ':'); i >= 0 && !strings.ContainsAny(name[i:], `/\`) {
			name, label = name[:i], name[i+1:]
		}
		file, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		text = string(file)
	}
	s[label] = append(s[label], text)
	return nil
}

// presetSQLite has the app run statements when it starts.
func (o *options) presetSQLite(cfg *spin.Config) error {
	cfg.SQLiteDatabases = map[string]sqlite.Database{}
	for label, texts := range o.sqlite {
		file, err := database(cfg, label)
		if err != nil {
			return fmt.Errorf("--sqlite: %w", err)
		}
		options := sqlite.Options{AllowAttach: file.AllowAttachFile, Statements: texts}
		if file.Path == "" {
			cfg.SQLiteDatabases[label] = sqlite.Memory(options)
			continue
		}
		cfg.SQLiteDatabases[label] = sqlite.File(file.Path, options)
	}
	return nil
}

// database returns where a database is.
func database(cfg *spin.Config, label string) (file runtimeconfig.SQLiteFile, err error) {
	if cfg.RuntimeConfig != nil {
		for _, s := range cfg.RuntimeConfig.SQLiteDatabases {
			if s.Label != label {
				continue
			}
			if s.Type != "spin" {
				return file, s.UnknownType("spin")
			}
			return file, s.Decode(&file)
		}
	}
	if label != "default" {
		return file, fmt.Errorf("there is no database %q: add [sqlite_database.%s] to the runtime configuration, or use default", label, label)
	}
	file.Path = filepath.Join(cfg.StateDir, "sqlite_db.db")
	return file, nil
}
