package validate_test

import (
	"errors"
	"fmt"

	"github.com/spinhost/spin/engine/internal/binary"
	"github.com/spinhost/spin/engine/internal/validate"
)

func ExampleComponent() {
	// (component (type (option 7)))
	c, err := binary.Decode([]byte("\x00asm\x0d\x00\x01\x00\x07\x03\x01\x6b\x07"), binary.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	err = validate.Component(c, validate.DefaultFeatures())
	var e *validate.Error
	if errors.As(err, &e) {
		fmt.Println(e.Rule)
	}
	fmt.Println(err)
	// Output:
	// index out of bounds
	// invalid component: type index out of bounds: index 7 of 0 (at byte 0xb)
}

func ExampleDefaultFeatures() {
	// (component (type (list u8 4)))
	wasm := []byte("\x00asm\x0d\x00\x01\x00\x07\x04\x01\x67\x7d\x04")
	for _, fixedLists := range []bool{false, true} {
		c, err := binary.Decode(wasm, binary.Limits{})
		if err != nil {
			fmt.Println(err)
			return
		}
		f := validate.DefaultFeatures()
		f.FixedLists = fixedLists
		err = validate.Component(c, f)
		fmt.Println(errors.Is(err, validate.ErrUnsupported), err)
	}
	// Output:
	// true unsupported component: a list of fixed length (at byte 0xb)
	// false <nil>
}
