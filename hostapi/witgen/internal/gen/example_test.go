package gen_test

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/hostapi/wit"
	"github.com/spinhost/spin/hostapi/witgen/internal/gen"
)

func ExampleGenerate() {
	set, err := wit.Parse("geo.wit", `package acme:geo@1.0.0;
interface lookup {
  /// Returns the country in which an address is used.
  country: func(address: string) -> option<string>;
}`)
	if err != nil {
		fmt.Println(err)
		return
	}
	files, err := gen.Generate(set, gen.Options{Package: "acme:geo@1.0.0"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range files {
		fmt.Println(f.Name)
	}
	_, text, _ := strings.Cut(string(files[1].Text), "type Lookup")
	text, _, _ = strings.Cut(text, "}")
	fmt.Println("type Lookup" + text + "}")
	// Output:
	// abi_gen.go
	// lookup_gen.go
	// type Lookup interface {
	// 	// Country returns the country in which an address is used.
	// 	Country(ctx context.Context, address string) (abi.Option[string], error)
	// }
}
