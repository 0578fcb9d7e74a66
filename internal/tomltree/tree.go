// Package tomltree reads TOML into a tree in which everything has a position, within bounds. The text
// is read twice: the tree is built under our limits and finds duplicates; then the TOML library
// decodes the document once more, which applies the remaining rules of TOML and gives the values.
package tomltree

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

// Options say how to read a document.
type Options struct {
	What string // is read, for messages: "manifest"

	MaxSize  int // bytes
	MaxNodes int // parts of keys, and values
	MaxDepth int // tables and arrays within each other

	// Position, if not nil, gives the place to name for a place in the text. It is called for each
	// key and value.
	Position func(Position) Position
}

// Error says why text cannot be read.
type Error struct {
	Pos   Position
	Msg   string
	Limit bool // it is right, perhaps, but exceeds a limit
}

// Error returns file:line:column: message.
func (e *Error) Error() string { return e.Pos.String() + ": " + e.Msg }

// Parse reads a document; the file is for positions. It keeps no reference to data.
func Parse(file string, data []byte, o Options) (root *Node, err *Error) {
	if len(data) > o.MaxSize {
		start := Position{File: file, Line: 1, Column: 1}
		if o.Position != nil {
			start = o.Position(start)
		}
		return nil, &Error{start, fmt.Sprintf("the %s has more than %d bytes", o.What, o.MaxSize), true}
	}
	// Some editors put a byte order mark before the text.
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	b := newBuilder(file, data, o)
	if i := invalidUTF8(data); i >= 0 {
		return nil, b.syntax(b.position(i), fmt.Sprintf("the text is not UTF-8 from here: save the %s as UTF-8", o.What))
	}
	// The library panics where it takes something for impossible. Text must
	// not be able to stop the program through a mistake there.
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, b.syntax(b.position(0), fmt.Sprint("the TOML parser failed: ", r))
		}
	}()
	if err := b.build(); err != nil {
		return nil, err
	}
	var doc map[string]any
	if err := toml.Unmarshal(data, &doc); err != nil {
		return nil, b.decodeError(err)
	}
	if !b.root.attach(doc) {
		return nil, b.syntax(b.position(0), "the TOML parser failed: two readings differ")
	}
	return b.root, nil
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
func newBuilder(file string, data []byte, o Options) *builder {
	b := &builder{Options: o, file: file, data: data, lines: []int{0}}
	for i, c := range data {
		if c == '\n' {
			b.lines = append(b.lines, i+1)
		}
	}
	b.root = &Node{Kind: Table, Pos: b.position(0)}
	return b
}

// position returns the place of a byte.
func (b *builder) position(offset int) Position {
	line, found := slices.BinarySearch(b.lines, offset)
	if !found {
		line-- // the line that starts before offset
	}
	return b.place(line+1, offset-b.lines[line]+1)
}

func (b *builder) place(line, column int) Position {
	pos := Position{File: b.file, Line: line, Column: column}
	if b.Position != nil {
		pos = b.Position(pos)
	}
	return pos
}

func (b *builder) syntax(pos Position, msg string) *Error { return &Error{Pos: pos, Msg: msg} }

// syntaxError places an error of the parser.
func (b *builder) syntaxError(err error) *Error {
	var parserErr *unstable.ParserError
	if !errors.As(err, &parserErr) {
		return b.syntax(b.position(0), err.Error())
	}
	// The parser points with a slice into the text, which it was given whole.
	offset := min(max(cap(b.data)-cap(parserErr.Highlight), 0), len(b.data))
	return b.syntax(b.position(offset), cleanMessage(parserErr.Message))
}

// decodeError places an error of the decoder.
func (b *builder) decodeError(err error) *Error {
	var decodeErr *toml.DecodeError
	if !errors.As(err, &decodeErr) {
		return b.syntax(b.position(0), cleanMessage(err.Error()))
	}
	return b.syntax(b.place(decodeErr.Position()), cleanMessage(decodeErr.Error()))
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
