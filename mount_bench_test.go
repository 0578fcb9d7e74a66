package spin_test

import (
	"os"
	"testing"

	"github.com/spinhost/spin"
)

// BenchmarkFiles serves requests of guests that read a file, small or 1 MB, and of one that asks for
// a file that is not there, to compare with.
func BenchmarkFiles(b *testing.B) {
	dir := b.TempDir()
	if err := os.CopyFS(dir, site(b, siteKeys)); err != nil {
		b.Fatal(err)
	}
	app, err := spin.Load(b.Context(), dir, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer closeApp(b, app)
	for name, target := range map[string]string{
		"0.2 none": "/2/read?path=/none", "0.2 small": "/2/read?path=/words.txt", "0.2 large": "/2/size?path=/big",
		"0.3 none": "/3/read?path=none", "0.3 small": "/3/read?path=words.txt", "0.3 large": "/3/size?path=big",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if w := ask(app, target); w.Code != 200 {
					b.Fatal(w.Code)
				}
			}
		})
	}
}
