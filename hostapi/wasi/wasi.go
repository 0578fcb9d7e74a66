package wasi

import (
	"slices"

	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/wasi/cli"
	"github.com/spinhost/spin/hostapi/wasi/clocks"
	"github.com/spinhost/spin/hostapi/wasi/filesystem"
	"github.com/spinhost/spin/hostapi/wasi/http"
	"github.com/spinhost/spin/hostapi/wasi/io"
	"github.com/spinhost/spin/hostapi/wasi/preview1"
	"github.com/spinhost/spin/hostapi/wasi/random"
	"github.com/spinhost/spin/hostapi/wasi/sockets"
)

// Interfaces returns all WASI interfaces that spin knows.
func Interfaces() []hostapi.Interface {
	list := slices.Concat(
		io.Interfaces(), clocks.Interfaces(), random.Interfaces(), cli.Interfaces(),
		filesystem.Interfaces(), http.Interfaces(), preview1.Interfaces(),
	)
	return slices.Concat(list, november(list), sockets.Interfaces())
}
