package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// parseDocument turns TOML into a tree in which everything has a position. The
// tree is built under our limits and finds duplicates; then the TOML library
// decodes the document once more, which applies the remaining rules of TOML and
// gives the values.
func parseDocument(file string, data []byte, place func(Position) Position) (root *node, err error) {
	if place == nil {
		place = func(p Position) Position { return p }
	}
	if len(data) > maxSize {
		return nil, Errors{newError(place(Position{File: file, Line: 1, Column: 1}), ErrLimit,
			fmt.Sprintf("the manifest has more than %d bytes", maxSize))}
	}
	// Some editors put a byte order mark before the text.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	b := newBuilder(file, data, place)
	if i := invalidUTF8(data); i >= 0 {
		return nil, Errors{newError(b.position(i), ErrSyntax, "the text is not UTF-8 from here: save the manifest as UTF-8")}
	}
	// The library panics where it takes something for impossible. Text must
	// not be able to stop the program through a mistake there.
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, Errors{newError(b.position(0), ErrSyntax, fmt.Sprint("the TOML parser failed: ", r))}
		}
	}()
	if err := b.build(); err != nil {
		return nil, Errors{err}
	}
	var doc map[string]any
	if err := toml.Unmarshal(data, &doc); err != nil {
		return nil, Errors{b.decodeError(err)}
	}
	if !b.root.attach(doc) {
		return nil, Errors{newError(b.position(0), ErrSyntax, "the TOML parser failed: two readings differ")}
	}
	return b.root, nil
}

func newError(pos Position, cause error, msg string) *Error {
	return &Error{File: pos.File, Line: pos.Line, Column: pos.Column, Msg: msg, Err: cause}
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// newBuilder prepares a builder and its table of lines.
func newBuilder(file string, data []byte, place func(Position) Position) *builder {
	b := &builder{file: file, data: data, place: place, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			b.lines = append(b.lines, i+1)
		}
	}
	b.root = &node{kind: tableKind, pos: b.position(0)}
	return b
}

// position returns the place of a byte.
func (b *builder) position(offset int) Position {
	line, found := slices.BinarySearch(b.lines, offset)
	if !found {
		line-- // the line that starts before offset
	}
	return b.place(Position{File: b.file, Line: line + 1, Column: offset - b.lines[line] + 1})
}

// syntaxError places an error of the parser.
func (b *builder) syntaxError(err error) *Error {
	var parserErr *unstable.ParserError
	if !errors.As(err, &parserErr) {
		return newError(b.position(0), ErrSyntax, err.Error())
	}
	// The parser points with a slice into the text, which it was given whole.
	offset := min(max(cap(b.data)-cap(parserErr.Highlight), 0), len(b.data))
	return newError(b.position(offset), ErrSyntax, cleanMessage(parserErr.Message))
}

// decodeError places an error of the decoder.
func (b *builder) decodeError(err error) *Error {
	var decodeErr *toml.DecodeError
	if !errors.As(err, &decodeErr) {
		return newError(b.position(0), ErrSyntax, cleanMessage(err.Error()))
	}
	line, column := decodeErr.Position()
	pos := b.place(Position{File: b.file, Line: line, Column: column})
	return newError(pos, ErrSyntax, cleanMessage(decodeErr.Error()))
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
