// Package registry brings components from elsewhere: from URLs, and from registries
// of packages.
//
// # Fetch
//
// A [Fetcher] has what is needed for that: an HTTP client, a [Registry], a
// [Cache]. [Fetcher.URL] fetches the source of a component written as
//
//	source = { url = "https://example.com/a.wasm", digest = "sha256:..." }
//
// [Fetcher.Version] one that is written as
//
//	source = { registry = "example.com", package = "acme:cart", version = "1.2.0" }
//
// and [Fetcher.Matching] a dependency, whose version is a requirement such as
// >=1.0. Requirements mean what they mean in Cargo: 1.2 is ^1.2, and the highest
// release that is not yanked is taken.
//
// Whatever comes back has the digest that was asked for, also if it was in the
// cache: an entry that is damaged is fetched again. Sizes are bounded, and the
// context ends what takes too long.
//
// # Provide packages
//
// A Registry lists the releases of a package and opens one. [Dir] is a Registry
// in a folder, for packages that are delivered with an app or mirrored.
// Applications can implement the interface for stores of their own.
//
// # Handle errors
//
// Each error about a source is an [*Error]: which key of the manifest is at fault,
// and what to write or do instead. Use errors.Is with [ErrDigest], [ErrNotFound]
// and the other causes to tell them apart.
package registry
