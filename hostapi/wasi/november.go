package wasi

import (
	"fmt"
	"strings"

	"github.com/spinhost/spin/engine/abi"
	"github.com/spinhost/spin/hostapi"
	"github.com/spinhost/spin/hostapi/internal/family"
	p2http "github.com/spinhost/spin/hostapi/wasi/p2/http"
)

// November is the version of the snapshot of WASI of November 2023, which SDKs built on before
// WASI 0.2 was released.
const November = family.November

// October is the version of the snapshot of WASI of October 2023.
const October = family.October

// november returns those interfaces that are of WASI 0.2 as the snapshot has them. Those of wasi:sockets
// have it among them already.
func november(list []hostapi.Interface) []hostapi.Interface {
	return family.InNovember(list, map[string]func(*abi.Interface) error{
		"wasi:cli/exit":   family.Without("exit-with-code"),
		"wasi:http/types": novemberHTTP,
	})
}

// novemberHTTP changes wasi:http/types: timeouts have names that end in "-ms", although they
// count nanoseconds as all durations, and trailers can be taken without being told that they were
// taken before.
func novemberHTTP(i *abi.Interface) error {
	for k := range i.Funcs {
		f := &i.Funcs[k]
		switch {
		case strings.HasPrefix(f.Name, "[method]request-options."):
			f.Name += "-ms"
			f.Type = strings.Replace(f.Type, ",duration:", ",ms:", 1)
		case f.Name == "[method]future-trailers.get":
			const again = "->option<result<result<"
			if !strings.Contains(f.Type, again) {
				return fmt.Errorf("%s has the type %s", f.Name, f.Type)
			}
			f.Type = strings.Replace(f.Type, again, "->option<result<", 1)
			f.Type = strings.TrimSuffix(f.Type, ">")
			f.Serve, f.Refuse = p2http.ServeTrailersOnce, nil
		}
	}
	return family.Without("[method]fields.has")(i)
}
