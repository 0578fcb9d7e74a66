package wasi

import "strings"

// novemberWIT has what the snapshot has in place of what stands before it in WASI 0.2.
var novemberWIT = strings.NewReplacer(
	"    /// Tells whether the name has a value.\n    has: func(name: field-name) -> bool;\n\n", "",
	"\n  /// Ends the guest with a status as processes have it. It does not return.\n  exit-with-code: func(status-code: u8);\n", "",
	"connect-timeout: func(duration:", "connect-timeout-ms: func(ms:",
	"first-byte-timeout: func(duration:", "first-byte-timeout-ms: func(ms:",
	"between-bytes-timeout: func(duration:", "between-bytes-timeout-ms: func(ms:",
	"connect-timeout: func()", "connect-timeout-ms: func()",
	"first-byte-timeout: func()", "first-byte-timeout-ms: func()",
	"between-bytes-timeout: func()", "between-bytes-timeout-ms: func()",
	"-> option<result<result<option<trailers>, error-code>>>;", "-> option<result<option<trailers>, error-code>>;",
	"  resource tcp-socket {\n", "  resource tcp-socket {\n"+ipv6OnlyWIT,
	"  resource udp-socket {\n", "  resource udp-socket {\n"+ipv6OnlyWIT,
)

const ipv6OnlyWIT = `    ipv6-only: func() -> result<bool, error-code>;
    set-ipv6-only: func(value: bool) -> result<_, error-code>;
`

// NovemberWIT returns a package of WASI 0.2, as [wit.Package.String] writes those of this module, as
// the snapshot of November 2023 has it. The version stays.
//
// [wit.Package.String]: https://pkg.go.dev/github.com/spinhost/spin/hostapi/wit#Package.String
func NovemberWIT(text string) string { return novemberWIT.Replace(text) }
