package variables

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"slices"
	"unicode/utf8"
)

// MaxDotenv bounds a .env file, and what all its values take when names in them are replaced.
const MaxDotenv = 1 << 20

// Dotenv is a .env file. It never changes and is safe for concurrent use; a nil Dotenv is empty.
type Dotenv struct{ values map[string]Value }

// DotenvError is a fault in a .env file. Its text has nothing of the file but names.
type DotenvError struct {
	File   string // "" if the text had no name
	Line   int    // from 1
	Reason string // what is wrong, and what to write instead
}

func (e *DotenvError) Error() string {
	file := e.File
	if file == "" {
		file = ".env"
	}
	return fmt.Sprintf("%s:%d: %s", file, e.Line, e.Reason)
}

// ReadDotenv reads a .env file; see [ParseDotenv]. The error is a [*DotenvError], or that of the
// file system: [fs.ErrNotExist] if there is no such file.
func ReadDotenv(fsys fs.FS, name string, lookup func(name string) (string, bool)) (*Dotenv, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, MaxDotenv+1))
	if err != nil {
		return nil, err
	}
	return parseDotenv(name, text, lookup)
}

// ParseDotenv parses the text of a .env file. The error is a [*DotenvError].
//
// A line is NAME=value, or export NAME=value; blank lines are skipped, and so is what follows a #
// that begins a line or stands behind a space. Of two lines with the same name the later counts.
//
// A value with spaces stands in quotes, single or double, and may go on over lines there. Within
// single quotes everything is what it is. Elsewhere \\, \", \', \$ and "\ " stand for the
// character, \n for the end of a line, and $NAME or ${NAME} for the value of another name: that
// of lookup, which may be nil, else that of an earlier line, else nothing.
//
// This is the form that the Rust crate dotenvy reads, and Spin with it, but for names behind a $:
// they may have underscores here, and end with a quote.
func ParseDotenv(text []byte, lookup func(name string) (string, bool)) (*Dotenv, error) {
	return parseDotenv("", text, lookup)
}

func parseDotenv(file string, text []byte, lookup func(string) (string, bool)) (*Dotenv, error) {
	p := dotenvParser{file: file, text: string(bytes.TrimPrefix(text, []byte("\ufeff"))), line: 1, lookup: lookup}
	if len(text) > MaxDotenv {
		return nil, p.fault("the file has more than %d bytes", MaxDotenv)
	}
	if !utf8.Valid(text) {
		p.line += bytes.Count(validPrefix(text), []byte("\n"))
		return nil, p.fault("the line is not UTF-8")
	}
	p.values = map[string]string{}
	if err := p.parse(); err != nil {
		return nil, err
	}
	d := &Dotenv{values: map[string]Value{}}
	for name, v := range p.values {
		d.values[name] = Secret(v)
	}
	return d, nil
}

// validPrefix returns what stands before the first byte that is not UTF-8.
func validPrefix(text []byte) []byte {
	n := 0
	for n < len(text) {
		r, size := utf8.DecodeRune(text[n:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		n += size
	}
	return text[:n]
}

// Lookup returns the value of a name, and whether the file has it.
func (d *Dotenv) Lookup(name string) (string, bool) {
	if d == nil {
		return "", false
	}
	v, ok := d.values[name]
	return v.Reveal(), ok
}

// Names lists the names of the file, sorted.
func (d *Dotenv) Names() []string {
	if d == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(d.values))
}

// String implements fmt.Stringer. It does not show values.
func (d *Dotenv) String() string { return fmt.Sprintf("a .env file of %d values", len(d.Names())) }
