package runtimeconfig

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

// Bounds on a configuration. They are far above what people write and keep the
// cost of the worst text small.
const (
	maxSize  = 1 << 20 // bytes
	maxNodes = 16384   // parts of keys, and values
	maxDepth = 32      // tables and arrays within each other
)

// place says where a key and its value stand.
type place struct {
	key, value Position
	fields     map[string]*place // of a table
	items      []*place          // of an array
}

// field returns the place of a key of a table, never nil.
func (p *place) field(name string) *place {
	if f := p.fields[name]; f != nil {
		return f
	}
	return &place{key: p.key, value: p.value}
}

// item returns the place of an element of an array, never nil.
func (p *place) item(i int) *place {
	if i < len(p.items) {
		return p.items[i]
	}
	return &place{key: p.key, value: p.value}
}

// parseDocument decodes TOML, and finds out where everything stands.
func parseDocument(file string, data []byte) (values map[string]any, places *place, err error) {
	// Some editors put a byte order mark before the text.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	x := &index{file: file, data: data, lines: []int{0}}
	fail := func(pos Position, cause error, msg string) (map[string]any, *place, error) {
		return nil, nil, Errors{{Pos: pos, Msg: msg, Err: cause}}
	}
	if len(data) > maxSize {
		return fail(x.position(0), ErrLimit, fmt.Sprintf("the file has more than %d bytes", maxSize))
	}
	for i, c := range data {
		if c == '\n' {
			x.lines = append(x.lines, i+1)
		}
	}
	if !utf8.Valid(data) {
		valid := len(data) - len(strings.ToValidUTF8(string(data), ""))
		return fail(x.position(0), ErrSyntax, fmt.Sprintf("the text has %d bytes that are not UTF-8: save it as UTF-8", valid))
	}
	// The library panics where it takes something for impossible. Text must
	// not be able to stop the program through a mistake there.
	defer func() {
		if r := recover(); r != nil {
			values, places, err = fail(x.position(0), ErrSyntax, fmt.Sprint("the TOML parser failed: ", r))
		}
	}()
	if fault := x.build(); fault != nil {
		return nil, nil, Errors{fault}
	}
	if err := toml.Unmarshal(data, &values); err != nil {
		var decodeErr *toml.DecodeError
		pos := x.position(0)
		if errors.As(err, &decodeErr) {
			pos.Line, pos.Column = decodeErr.Position()
		}
		return fail(pos, ErrSyntax, cleanMessage(err.Error()))
	}
	return values, x.root, nil
}

// cleanMessage drops the library's name and bounds the text, which may quote a
// key of any length.
func cleanMessage(msg string) string {
	msg = strings.TrimPrefix(msg, "toml: ")
	const most = 200
	if len(msg) > most {
		msg = strings.ToValidUTF8(msg[:most], "") + "..."
	}
	return msg
}
