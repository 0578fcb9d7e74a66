package binary_test

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
)

func ExampleDecode() {
	wasm := []byte("\x00asm\x0d\x00\x01\x00" + // preamble of a component
		"\x0a\x1b" + // import section of 27 bytes
		"\x01\x00\x16wasi:clocks/wall-clock\x03\x01") // one import, a resource type
	c, err := binary.Decode(wasm, binary.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, i := range c.Imports {
		fmt.Println("imports", i.Name)
	}
	_, err = binary.Decode([]byte("\x00asm\x01\x00\x00\x00"), binary.Limits{})
	fmt.Println(errors.Is(err, binary.ErrCoreModule), err)
	// Output:
	// imports wasi:clocks/wall-clock
	// true this is a core module, not a component
}
