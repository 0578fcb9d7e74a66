package spin

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/spinhost/spin/hostapi/keyvalue"
	"github.com/spinhost/spin/hostapi/sqlite"
	"github.com/spinhost/spin/hostapi/variables"
	"github.com/spinhost/spin/runtimeconfig"
)

// RuntimeTypes build what the sections of a runtime configuration describe, by the type that is
// written in them. Who adds one has it decode the section, and report with [runtimeconfig.Section.Fault]
// what it cannot use. What is an io.Closer is closed with the app.
type RuntimeTypes struct {
	// KeyValueStores return how a store is opened, which is done when a guest first asks for it.
	KeyValueStores map[string]func(*runtimeconfig.Section) (func(context.Context) (keyvalue.Store, error), error)
	// SQLiteDatabases return a database.
	SQLiteDatabases map[string]func(*runtimeconfig.Section) (sqlite.Database, error)
	// VariableProviders return a provider.
	VariableProviders map[string]func(*runtimeconfig.Section) (variables.Provider, error)
}

// DefaultRuntimeTypes returns the types that come with spin: key-value stores and SQLite databases
// of type spin, variables of types static and env. Environment variables are looked up by lookup:
// programs pass os.LookupEnv. If it is nil, sections of type env are errors.
func DefaultRuntimeTypes(lookup func(name string) (string, bool)) RuntimeTypes {
	return RuntimeTypes{
		KeyValueStores: map[string]func(*runtimeconfig.Section) (func(context.Context) (keyvalue.Store, error), error){
			"spin": keyValueSection,
		},
		SQLiteDatabases: map[string]func(*runtimeconfig.Section) (sqlite.Database, error){
			"spin": sqliteSection,
		},
		VariableProviders: map[string]func(*runtimeconfig.Section) (variables.Provider, error){
			"static": staticSection,
			"env": func(s *runtimeconfig.Section) (variables.Provider, error) {
				return envSection(s, lookup)
			},
		},
	}
}

// empty reports whether there is no type at all.
func (t RuntimeTypes) empty() bool {
	return len(t.KeyValueStores)+len(t.SQLiteDatabases)+len(t.VariableProviders) == 0
}

func keyValueSection(s *runtimeconfig.Section) (func(context.Context) (keyvalue.Store, error), error) {
	var keys runtimeconfig.KeyValueFile
	if err := s.Decode(&keys); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (keyvalue.Store, error) {
		if keys.Path == "" {
			return keyvalue.Memory(), nil
		}
		return openStore(ctx, string(keys.Path), s.Label)
	}, nil
}

func sqliteSection(s *runtimeconfig.Section) (sqlite.Database, error) {
	var keys runtimeconfig.SQLiteFile
	if err := s.Decode(&keys); err != nil {
		return nil, err
	}
	o := sqlite.Options{AllowAttach: keys.AllowAttachFile}
	if keys.Path == "" {
		return sqlite.Memory(o), nil
	}
	return sqlite.File(keys.Path, o), nil
}

func staticSection(s *runtimeconfig.Section) (variables.Provider, error) {
	var keys runtimeconfig.StaticVariables
	if err := s.Decode(&keys); err != nil {
		return nil, err
	}
	return variables.Static(keys.Values), nil
}

func envSection(s *runtimeconfig.Section, lookup func(string) (string, bool)) (variables.Provider, error) {
	var keys runtimeconfig.EnvVariables
	if err := s.Decode(&keys); err != nil {
		return nil, err
	}
	if lookup == nil {
		return nil, s.Fault("type", errNoEnvironment, errNoEnvironment.Error()+": set Config.RuntimeTypes to DefaultRuntimeTypes(os.LookupEnv), or remove the table")
	}
	prefix := runtimeconfig.DefaultEnvPrefix
	if keys.Prefix != nil {
		prefix = *keys.Prefix
	}
	var file *variables.Dotenv
	if keys.DotenvPath != nil {
		dir, name := filepath.Split(filepath.Clean(*keys.DotenvPath))
		var err error
		if file, err = variables.ReadDotenv(os.DirFS(filepath.Clean(dir)), name, lookup); err != nil {
			return nil, s.Fault("dotenv_path", err, err.Error())
		}
	}
	return variables.Environ(prefix, lookup, file), nil
}

var errNoEnvironment = errors.New("this program lets no app look at its environment")
