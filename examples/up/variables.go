package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/spinhost/spin/hostapi/variables"
)

// values collects --variable flags; of two for the same variable the later counts.
type values struct {
	all map[string]string
	// err is the first fault. It is kept, as package flag shows what it had read along with what
	// Set returns, and a value may be a secret.
	err error
}

func (*values) String() string { return "" }

// Set implements flag.Value.
func (v *values) Set(s string) error {
	if v.err == nil {
		v.err = v.set(s)
	}
	return nil
}

func (v *values) set(s string) error {
	if name, ok := strings.CutPrefix(s, "@"); ok {
		return v.file(name)
	}
	key, value, ok := strings.Cut(s, "=")
	if !ok || key == "" {
		return errors.New("want NAME=VALUE, NAME=@FILE, @FILE.json or @FILE.toml")
	}
	if name, ok := strings.CutPrefix(value, "@"); ok {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		value = string(text)
	}
	v.all[key] = value
	return nil
}

// file reads all variables of a file.
func (v *values) file(name string) error {
	var parse func([]byte, any) error
	switch ext := filepath.Ext(name); ext {
	case ".json":
		parse = json.Unmarshal
	case ".toml":
		parse = toml.Unmarshal
	default:
		return fmt.Errorf("%s: variables are read from files that end in .json or .toml; write NAME=@%s for the value of one", name, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var all map[string]any
	if err := parse(text, &all); err != nil {
		return fmt.Errorf("%s: %w", name, where(text, err))
	}
	for key, value := range all {
		s, ok := value.(string)
		if !ok {
			return fmt.Errorf("%s: the value of %q is no string: write it in quotes", name, key)
		}
		v.all[key] = s
	}
	return nil
}

// where keeps of a syntax error what is no part of the text.
func where(text []byte, err error) error {
	var inTOML *toml.DecodeError
	var inJSON *json.SyntaxError
	switch {
	case errors.As(err, &inTOML):
		line, column := inTOML.Position()
		return fmt.Errorf("no TOML from line %d, column %d on", line, column)
	case errors.As(err, &inJSON):
		line := 1 + strings.Count(string(text[:min(max(int(inJSON.Offset)-1, 0), len(text))]), "\n")
		return fmt.Errorf("no JSON from line %d on", line)
	}
	return errors.New("want a table of names and strings")
}

// environ returns where variables get their values from last: the environment, and the .env file of
// the current folder.
func environ() ([]variables.Provider, error) {
	file, err := variables.ReadDotenv(os.DirFS("."), ".env", os.LookupEnv)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return []variables.Provider{variables.Environ(variables.DefaultPrefix, os.LookupEnv, file)}, nil
}
